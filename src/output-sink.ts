import type { Output } from './runtime.ts';

const chunkLength = 65_536;

/** Joins small texts to large writes, and writes what is there as soon as the source pauses. */
export interface OutputSink {
  /** Undefined while there is room; otherwise wait for it before the next call. */
  push(text: string): Promise<void> | undefined;
  /** Writes all and waits until it is handed to the system. */
  flush(): Promise<void>;
}

/** `onError` hears of every write that failed; neither `push` nor `flush` rejects. */
export function createOutputSink(
  output: Pick<Output, 'write' | 'flush'>,
  onError: (error: unknown) => void,
  beforeWrite: () => void = () => undefined,
): OutputSink {
  let buffer = '';
  let scheduled = false;
  // Set while the reader is behind. Who pushes then has to wait, or a slow reader would fill the memory.
  let waiting: Promise<void> | undefined;

  const write = (): Promise<void> | undefined => {
    const chunk = buffer;
    buffer = '';
    if (chunk === '') return waiting;
    beforeWrite();
    const full = output.write(chunk);
    if (full === undefined) return waiting;
    const settled = full.catch(onError).then(() => {
      if (waiting === settled) waiting = undefined;
    });
    waiting = settled;
    return settled;
  };
  const whenSourcePauses = () => {
    scheduled = false;
    void write();
  };

  return {
    push(text) {
      buffer += text;
      if (buffer.length >= chunkLength) return write();
      if (!scheduled && buffer !== '') {
        scheduled = true;
        setImmediate(whenSourcePauses);
      }
      return waiting;
    },
    async flush() {
      await write();
      await output.flush().catch(onError);
    },
  };
}
