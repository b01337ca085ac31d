/** Lets no more than `limit` run at once; the others wait for their turn in the order in which they came. */
export type Gate = <Value>(run: () => Promise<Value>) => Promise<Value>;

export function createGate(limit: number): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (run) => {
    if (running < limit) running++;
    // Whoever leaves hands on the place itself, so that nobody new slips in before those who wait.
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
