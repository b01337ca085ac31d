import type { Outcome } from './command.ts';
import type { Context } from './context.ts';
import { isClosedPipe } from './output-failure.ts';
import { whenAborted, within } from './run-clock.ts';
import type { Invocation } from './invocation.ts';

interface Stopping {
  stop: Promise<never>;
  onOutputError(error: unknown): void;
  closingMilliseconds: number;
}

/** How the byte path of a command ended: as it should, or by what. */
export type RawEnd = { outcome: Outcome<unknown> } | { error: unknown };

/** Runs the byte path of a command; undefined when it hands over to its records. */
export async function runRaw(
  ctx: Context,
  { command, options, args }: Invocation,
  { stop, onOutputError, closingMilliseconds }: Stopping,
): Promise<RawEnd | undefined> {
  const told = (error: unknown): never => {
    onOutputError(error);
    throw error;
  };
  // Who runs something else answers with what became of that, whoever has read it.
  const unlessIgnored = (error: unknown): void => {
    if (command.endsByItself !== true || !isClosedPipe(error)) throw error;
  };
  const stdout: Context['stdout'] = {
    ...ctx.stdout,
    write: (chunk) => ctx.stdout.write(chunk)?.catch(told),
    flush: () => ctx.stdout.flush().catch(told),
  };
  // One that ends by itself has waited for its reader; interrupted, it leaves a reader that takes nothing.
  const hurry = command.endsByItself === true ? whenAborted(ctx.signal) : { promise: stop, forget: () => undefined };
  const work: Promise<Outcome<unknown> | undefined> = (async () =>
    command.raw?.({ ...ctx, stdout }, options, ...args))();
  try {
    const outcome = await Promise.race([work, stop]);
    await Promise.race([stdout.flush().catch(unlessIgnored), stop, hurry.promise.catch(() => undefined)]);
    return outcome === undefined ? undefined : { outcome };
  } catch (error) {
    // It has children to end and files to take away.
    await within(
      closingMilliseconds,
      work.catch(() => undefined),
    );
    return { error };
  } finally {
    hurry.forget();
  }
}
