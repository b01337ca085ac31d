import { ExitCode } from './exit-code.ts';
import { lambdaCommands as commands } from './lambda-commands.ts';
import { type LambdaHost, lambdaProcess, lambdaRuntime } from './lambda-runtime.ts';
import { completeWords } from './lib/aws/lambda/complete-words.ts';
import { readEvent } from './lib/aws/lambda/read-event.ts';
import { failureMessage, type LambdaAnswer, readRecords } from './lib/aws/lambda/read-records.ts';
import { UserError } from './lib/errors/user-error.ts';
import { main } from './main.ts';

/** What is used of https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** A run that could not do what was asked. Lambda counts it as an error, tries it again and hands it to the queue. */
class RunFailed extends Error {
  override readonly name = 'DevopsRunFailed';
}

/** An event that this function does not understand. */
class BadEvent extends Error {
  override readonly name = 'DevopsBadEvent';
}

/**
 * The same main() as the command line's behind an event. It answers for exit codes 0 and 1 and throws for every other:
 * only so does Lambda see that something is left to do. Running one event twice does no harm.
 */
export function createHandler(host: LambdaHost): (event: unknown, context: LambdaContext) => Promise<LambdaAnswer> {
  return async (event, context) => {
    const { request, words } = understand(event, context, host);
    const { runtime, stdout, stderr } = lambdaRuntime(host);
    const exitCode = await main(words, runtime, commands);
    const leftOut = stdout.leftOut() + stderr.leftOut();
    const records = readRecords(stdout.text(), stdout.leftOut() > 0);
    if (exitCode !== ExitCode.ok && exitCode !== ExitCode.answerIsNo) {
      const why = failureMessage(stderr.text(), records ?? []);
      throw new RunFailed(`${request.argv[0]} ended with exit code ${exitCode}${why === '' ? '' : `: ${why}`}`);
    }
    return {
      exitCode,
      ...(records === undefined ? { stdout: stdout.text() } : { records }),
      stderr: stderr.text(),
      ...(leftOut === 0 ? {} : { leftOut }),
    };
  };
}

function understand(event: unknown, context: LambdaContext, { env }: LambdaHost) {
  try {
    const request = readEvent(event, env, Object.keys(commands));
    return { request, words: completeWords(request, context.getRemainingTimeInMillis() / 1000) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // Of an error Lambda shows the message alone.
    throw new BadEvent([error.message, ...error.hints].join('; '), { cause: error });
  }
}

/** What AWS Lambda calls: `index.handler`. */
export const handler = createHandler(lambdaProcess());
