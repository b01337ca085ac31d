import { getEventListeners } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askYesNo } from '../../src/terminal/prompt.ts';
import { testRuntime } from '../support/test-runtime.ts';

// What counts as a yes is in test/contract/confirm.test.ts.

const never = () => new AbortController().signal;

test('a question cannot hide what it asks', async () => {
  const { runtime, stderr } = testRuntime();
  const stdin = new PassThrough();
  stdin.end('y\n');
  expect(await askYesNo(stdin, runtime.stderr, 'Remove a\n\u001B[2K\u202Eb?', never())).toBe(true);
  expect(stderr()).toBe(String.raw`Remove a\n\x1b[2K\u202eb? [y/N] `);
});

test('an answer that comes in pieces is read to its end of line', async () => {
  const stdin = new PassThrough();
  const answer = askYesNo(stdin, testRuntime().runtime.stderr, 'Go?', never());
  for (const piece of ['y', 'e', 's', '\n']) {
    stdin.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(await answer).toBe(true);
});

test('a terminal that breaks is an error, not a no', async () => {
  const stdin = new PassThrough();
  const answer = askYesNo(stdin, testRuntime().runtime.stderr, 'Go?', never());
  setTimeout(() => stdin.destroy(new Error('EIO: read')), 20);
  await expect(answer).rejects.toThrow('EIO: read');
});

test('an abort before or during the question ends it with the reason, and leaves no listener', async () => {
  const stdin = new PassThrough();
  const { stderr } = testRuntime().runtime;
  const reason = new Error('Ctrl-C');
  await expect(askYesNo(stdin, stderr, 'Go?', AbortSignal.abort(reason))).rejects.toBe(reason);
  const controller = new AbortController();
  const answer = askYesNo(stdin, stderr, 'Go?', controller.signal);
  setTimeout(() => controller.abort(reason), 20);
  await expect(answer).rejects.toBe(reason);
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  expect(stdin.listenerCount('error')).toBe(0);
});
