/**
 * Works on up to `limit` items at once and yields each result when it is there, so that a slow item holds up no other.
 * No more than `limit` results wait for the consumer. The first failure of `work` ends it; whatever still runs then is
 * left to the signal that `work` knows. Written by hand: the libraries for this yield in the order of the items.
 */
export async function* inParallel<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void> {
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const finished: Result[] = [];
  const failures: unknown[] = [];
  let running = 0;
  let exhausted = false;
  let asked: Promise<IteratorResult<Item, unknown>> | undefined;
  let wake = Promise.withResolvers<void>();
  const start = (item: Item): void => {
    running++;
    work(item).then(
      (result) => {
        running--;
        finished.push(result);
        wake.resolve();
      },
      (error: unknown) => {
        running--;
        failures.push(error);
        wake.resolve();
      },
    );
  };
  try {
    for (;;) {
      while (!exhausted && failures.length === 0 && running + finished.length < limit) {
        asked ??= Promise.resolve(source.next());
        // A source that takes its time must not hold up what is finished.
        const next = await Promise.race([asked, wake.promise]);
        if (next === undefined) break;
        asked = undefined;
        if (next.done === true) exhausted = true;
        else start(next.value);
      }
      if (failures.length > 0) throw failures[0];
      if (finished.length > 0) {
        for (const result of finished.splice(0)) yield result;
      } else if (running === 0 && exhausted) {
        return;
      } else {
        await wake.promise;
        wake = Promise.withResolvers();
      }
    }
  } finally {
    await source.return?.();
  }
}
