import { expect, test } from 'vitest';
import { createByteSink } from '../../../../src/lib/logs/search/byte-sink.ts';

test('pieces are handed over in order, and never written anew behind the back of who has them', () => {
  const pieces: Buffer[] = [];
  const sink = createByteSink((piece) => void pieces.push(piece));
  const source = Buffer.alloc(300_000, 'a');
  sink.text('begin ');
  sink.copy(source, 0, source.length);
  source.fill('?');
  for (let turn = 0; turn < 50_000; turn++) {
    sink.text(`${turn}\n`);
    void sink.flushFull();
  }
  void sink.flush();
  const numbers = Array.from({ length: 50_000 }, (_, turn) => `${turn}\n`).join('');
  expect(Buffer.concat(pieces).toString()).toBe(`begin ${'a'.repeat(300_000)}${numbers}`);
  expect(pieces.length).toBeLessThan(10);
});

test('who writes waits for a slow reader, and nobody waits for nothing', async () => {
  const sink = createByteSink(() => Promise.resolve());
  expect(sink.flush()).toBeUndefined();
  sink.text('x');
  expect(sink.flushFull()).toBeUndefined();
  await expect(sink.flush()).resolves.toBeUndefined();
});
