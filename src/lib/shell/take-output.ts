import type { Readable } from 'node:stream';

/** A pipe that is read to its end, or until nothing more is worth waiting for. */
export interface TakenOutput {
  /** Resolves when it is closed, however that came about. */
  closed: Promise<void>;
  /** Bytes that came so far. */
  bytes(): number;
  /** Its reader has not yet taken what it was given. */
  isHeldUp(): boolean;
  destroy(): void;
}

/**
 * Hands over what comes out of a pipe, piece by piece; while the promise that `take` gave is pending, nothing more is
 * read and the writer waits. A `take` that throws or rejects is told once to `fail`; from then on the bytes are thrown
 * away.
 */
export function takeOutput(
  pipe: Readable,
  take: (chunk: Buffer) => Promise<void> | undefined,
  fail: (error: unknown) => void,
): TakenOutput {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  let bytes = 0;
  let isHeldUp = false;
  let hasFailed = false;

  function refuse(error: unknown): void {
    hasFailed = true;
    fail(error);
  }

  /** Whether more may come at once. */
  function receive(chunk: Buffer): boolean {
    bytes += chunk.length;
    if (hasFailed) return true;
    try {
      const taken = take(chunk);
      if (taken === undefined) return true;
      isHeldUp = true;
      void taken.catch(refuse).then(() => {
        isHeldUp = false;
        pipe.resume();
      });
      return false;
    } catch (error) {
      refuse(error);
      return true;
    }
  }

  pipe.on('data', (chunk: Buffer) => receive(chunk) || pipe.pause());
  // After an error comes `close`.
  pipe.on('error', () => {});
  pipe.on('close', resolve);
  return { closed, bytes: () => bytes, isHeldUp: () => isHeldUp, destroy: () => pipe.destroy() };
}

/** How long a process that outlived the program may keep a stream open without a word. */
const silenceSeconds = 0.5;
/** And how long with words; a reader that holds us up does not count. */
const chatterSeconds = 2;

/**
 * Waits until all streams are closed, which never comes while somebody else holds them open (a daemon that the program
 * left behind): then until they were silent for half a second, at most 2 s. What the program itself wrote last is in the
 * pipe when it exits, so it is there at once. `hurry` ends the wait for a reader that takes nothing.
 */
export async function awaitSilence(streams: readonly TakenOutput[], hurry: AbortSignal): Promise<void> {
  if (streams.length === 0) return;
  const step = 50;
  const closed = Promise.all(streams.map((stream) => stream.closed)).then(() => true);
  let seen = -1;
  let silent = 0;
  let waited = 0;
  while (silent < silenceSeconds * 1000 && waited < chatterSeconds * 1000) {
    const { promise: late, resolve } = Promise.withResolvers<false>();
    const timer = setTimeout(resolve, step, false);
    const isClosed = await Promise.race([closed, late]);
    clearTimeout(timer);
    if (isClosed) return;
    const bytes = streams.reduce((sum, stream) => sum + stream.bytes(), 0);
    const isHeldUp = streams.some((stream) => stream.isHeldUp());
    if (isHeldUp && !hurry.aborted) {
      silent = 0;
      continue;
    }
    silent = bytes === seen ? silent + step : 0;
    waited += step;
    seen = bytes;
  }
}
