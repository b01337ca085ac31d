import { expect, test } from 'vitest';
import { createOrderWatch } from '../../../../src/lib/logs/window/order-watch.ts';

test('an event is out of order when it is older than the newest before it by more than the tolerance', () => {
  const watch = createOrderWatch(2000);
  const seen = [10_000, 8000, 7999, 12_000, 10_000, 9999, 9999.5, 12_000].map((time) => watch.see(time));
  expect(seen).toEqual([false, false, true, false, false, true, true, false]);
});
