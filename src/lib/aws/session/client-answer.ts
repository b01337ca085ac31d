import type { Readable } from 'node:stream';
import { UserError } from '../../errors/user-error.ts';
import { readBounded } from '../../files/read-bounded.ts';

/** An answer with the status of a success that is none of AWS: a login page, a proxy, half of the truth. */
export class ForeignAnswer extends Error {
  override readonly name = 'ForeignAnswer';
  readonly $metadata: { httpStatusCode: number };

  constructor(reason: string, status: number) {
    super(reason);
    this.$metadata = { httpStatusCode: status };
  }
}

/** Answers to these are long and are read while they come in, which tells just as well whose they are. */
const readElsewhere = /^Describe(?:Instances|InstanceStatus|SpotInstanceRequests|AutoScalingGroups)Command$/;

const limitBytes = 16 * 1024 * 1024;

interface Stack {
  add(middleware: never, options: { step: 'deserialize'; priority: 'low'; name: string }): void;
}

interface Answer {
  statusCode: number;
  body: Readable | Uint8Array;
}

/**
 * Two things that the SDK leaves out. It takes any well-formed document, or none at all, for a success that has nothing
 * to tell: behind a captive portal CreateTags and StopInstances would seem done. And its network errors do not say
 * which host they are about; here each gets a field `host`.
 */
export function watchAnswers<Client extends { middlewareStack: unknown }>(client: Client, signal: AbortSignal): Client {
  const middleware =
    (next: (args: unknown) => Promise<{ response: unknown }>, context: { commandName?: string }) =>
    async (args: { request: { hostname: string; port?: number } }) => {
      const { hostname, port } = args.request;
      try {
        const result = await next(args);
        const answer = result.response as Answer;
        const command = context.commandName ?? '';
        if (answer.statusCode < 300 && !readElsewhere.test(command)) {
          answer.body = await checkedBody(answer, command.replace(/Command$/, ''), signal);
        }
        return result;
      } catch (error) {
        if (error instanceof Error)
          Object.assign(error, { host: port === undefined ? hostname : `${hostname}:${port}` });
        throw error;
      }
    };
  (client.middlewareStack as Stack).add(middleware as never, {
    step: 'deserialize',
    priority: 'low',
    name: 'devopsAnswer',
  });
  return client;
}

async function checkedBody({ body, statusCode }: Answer, operation: string, signal: AbortSignal): Promise<Uint8Array> {
  const bytes = await readBounded(body as Readable, limitBytes, signal, `the answer to ${operation}`).catch(
    (error: unknown) => {
      // As the SDK knows it, which asks once more when a connection broke off.
      throw error instanceof UserError && error.cause !== undefined ? error.cause : error;
    },
  );
  const start = bytes.subarray(0, 1000).toString();
  const root = /^\s*(?:<\?xml[^>]*\?>\s*)?<([\w:-]+)[\s/>]/.exec(start)?.[1];
  if (root === `${operation}Response`) return bytes;
  throw new ForeignAnswer(start.trim() === '' ? 'is empty' : `begins with ${start.trim().slice(0, 40)}`, statusCode);
}
