import type { Writable } from 'node:stream';
import type { Output } from './runtime.ts';

/** A pipe's reader may be slow, and signals and deadlines have to work meanwhile: so this one is asynchronous. */
export function streamWriter(
  open: () => Writable,
  failure: (error: unknown) => unknown,
): Pick<Output, 'write' | 'flush'> {
  const state: { stream?: Writable; failed?: { error: unknown }; pending: number } = { pending: 0 };
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const resume of waiting) resume();
    waiting.clear();
  };
  const written = (error?: Error | null) => {
    if (error !== undefined && error !== null) state.failed ??= { error: failure(error) };
    wake();
  };
  const answered = (error?: Error | null) => {
    state.pending--;
    written(error);
  };
  const opened = (): Writable => {
    if (state.stream !== undefined) return state.stream;
    const stream = open();
    stream.on('error', written);
    stream.on('drain', wake);
    state.stream = stream;
    return stream;
  };
  const until = async (done: () => boolean) => {
    while (state.failed === undefined && !done()) await new Promise<void>((resume) => waiting.add(resume));
    if (state.failed !== undefined) throw state.failed.error;
  };
  return {
    write(chunk) {
      if (state.failed !== undefined) return Promise.reject(state.failed.error);
      const stream = opened();
      state.pending++;
      return stream.write(chunk, answered) ? undefined : until(() => !stream.writableNeedDrain);
    },
    // Not writableLength, which is 0 before it is known that the reader has gone.
    flush: () => until(() => state.pending === 0),
  };
}
