/** Lets the event loop have a turn now and then, in which Ctrl-C and a deadline are heard. */
export interface Turns {
  /** Counts one entry; true when it is time for `take`, so that most entries cost no promise. */
  isDue(): boolean;
  /** Throws the signal's reason. */
  take(): Promise<void>;
}

/** Some 5 ms of system calls. */
const entriesBetweenTurns = 2048;

export function createTurns(signal: AbortSignal): Turns {
  let entries = 0;
  return {
    isDue: () => ++entries % entriesBetweenTurns === 0,
    async take() {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    },
  };
}
