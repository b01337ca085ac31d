/**
 * What several generators yield, as it comes, with no more than `limit` of them at work at once. The first failure ends
 * all of them, each given the time to end in order.
 */
export async function* merged<Item>(sources: Iterable<AsyncGenerator<Item>>, limit: number): AsyncGenerator<Item> {
  const next = sources[Symbol.iterator]();
  const open = new Map<AsyncGenerator<Item>, Promise<readonly [AsyncGenerator<Item>, IteratorResult<Item>]>>();
  const ask = (source: AsyncGenerator<Item>) => {
    const asked = source.next().then((result) => [source, result] as const);
    asked.catch(() => undefined);
    open.set(source, asked);
  };
  try {
    for (;;) {
      while (open.size < limit) {
        const another = next.next();
        if (another.done === true) break;
        ask(another.value);
      }
      if (open.size === 0) return;
      const [source, result] = await Promise.race(open.values());
      if (result.done === true) open.delete(source);
      else {
        yield result.value;
        ask(source);
      }
    }
  } finally {
    await Promise.allSettled([...open.keys()].map((source) => source.return(undefined)));
  }
}
