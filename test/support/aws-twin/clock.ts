/** Time as the twin knows it: it stands still until it is advanced, or runs with the real one times a factor. */
export interface TwinClock {
  now(): Date;
  /** Seconds since the start of the twin. */
  monotonic(): number;
  /** Moves the time on, and does on the way whatever falls due, each at its own moment. */
  advance(seconds: number): void;
  /** For Runtime.pause: a virtual clock jumps to the end of the pause; several at once end in the order of their ends. */
  pause(seconds: number, signal: AbortSignal): Promise<void>;
  /** Does something `seconds` from now. */
  after(seconds: number, action: () => void): void;
  /** Does what has fallen due on a clock that runs by itself. */
  settle(): void;
}

export interface ClockOptions {
  /** What the clock shows at first; default 2026-11-20T18:00:00Z. */
  start?: Date;
  /** Twin seconds in a real second; default 0: it stands still until it is advanced. */
  speed?: number;
}

interface Due {
  at: number;
  action: () => void;
}

export function startClock({ start = new Date('2026-11-20T18:00:00Z'), speed = 0 }: ClockOptions = {}): TwinClock {
  const began = performance.now();
  const due: Due[] = [];
  const sleepers: Due[] = [];
  let advanced = 0;
  // While something is done that has fallen due, the clock shows the moment at which it did.
  let held: number | undefined;
  let waking = false;

  const free = () => advanced + ((performance.now() - began) / 1000) * speed;
  const seconds = () => held ?? free();

  function settle(): void {
    if (held !== undefined) return;
    const end = free();
    try {
      for (let next = due[0]; next !== undefined && next.at <= end; next = due[0]) {
        due.shift();
        held = next.at;
        next.action();
      }
    } finally {
      held = undefined;
    }
  }

  function advance(by: number): void {
    if (!(by >= 0)) throw new RangeError(`the clock cannot be advanced by ${by} seconds`);
    advanced += by;
    settle();
  }

  const enlist = (list: Due[], at: number, action: () => void): Due => {
    const entry = { at, action };
    const later = list.findIndex((other) => other.at > at);
    list.splice(later === -1 ? list.length : later, 0, entry);
    return entry;
  };

  function wakeNext(): void {
    if (waking) return;
    waking = true;
    setImmediate(() => {
      waking = false;
      const next = sleepers.shift();
      if (next === undefined) return;
      if (next.at > seconds()) advance(next.at - seconds());
      next.action();
      if (sleepers.length > 0) wakeNext();
    });
  }

  function pause(length: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      let wake: () => void = () => undefined;
      const onAbort = () => {
        wake();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const end = () => {
        signal.removeEventListener('abort', onAbort);
        settle();
        resolve();
      };
      if (speed > 0) {
        const timer = setTimeout(end, (length / speed) * 1000);
        wake = () => clearTimeout(timer);
        return;
      }
      const entry = enlist(sleepers, seconds() + Math.max(0, length), end);
      wake = () => {
        const index = sleepers.indexOf(entry);
        if (index !== -1) sleepers.splice(index, 1);
      };
      wakeNext();
    });
  }

  return {
    now: () => new Date(start.getTime() + seconds() * 1000),
    monotonic: seconds,
    advance,
    pause,
    after: (wait, action) => void enlist(due, seconds() + wait, action),
    settle,
  };
}
