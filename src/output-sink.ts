import type { Output } from './runtime.ts';

const chunkLength = 65_536;

/** Joins small texts to large writes, and writes what is there as soon as the source pauses. */
export interface OutputSink {
  /** Undefined while there is room; otherwise wait for it before the next call. */
  push(text: string): Promise<void> | undefined;
  /** Writes all and waits until it is handed to the system. */
  flush(): Promise<void>;
}

export function createOutputSink(output: Output, onError: (error: unknown) => void): OutputSink {
  let buffer = '';
  let scheduled = false;

  const write = (): Promise<void> | undefined => {
    const chunk = buffer;
    buffer = '';
    if (chunk === '') return undefined;
    try {
      return output.write(chunk);
    } catch (error) {
      onError(error);
      return undefined;
    }
  };
  const whenSourcePauses = () => {
    scheduled = false;
    write()?.catch(onError);
  };

  return {
    push(text) {
      buffer += text;
      if (buffer.length >= chunkLength) return write()?.catch(onError);
      if (!scheduled && buffer !== '') {
        scheduled = true;
        setImmediate(whenSourcePauses);
      }
      return undefined;
    },
    async flush() {
      try {
        await write();
        await output.flush();
      } catch (error) {
        onError(error);
      }
    },
  };
}
