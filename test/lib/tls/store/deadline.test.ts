import { expect, test } from 'vitest';
import { NoAnswer, withDeadline } from '../../../../src/lib/tls/store/deadline.ts';

const never = (): Promise<never> => new Promise(() => undefined);

test('a call that does not answer is given up when time is up', async () => {
  await withDeadline({ signal: new AbortController().signal, timeoutSeconds: 0.05 }, async (deadline) => {
    await expect(deadline.wait(never())).rejects.toThrow(new NoAnswer('did not answer within 0.05s'));
    await expect(deadline.wait(never())).rejects.toThrow(NoAnswer);
  });
});

test('a call that answers in time is not changed, nor one that fails', async () => {
  await withDeadline({ signal: new AbortController().signal, timeoutSeconds: 5 }, async (deadline) => {
    await expect(deadline.wait(Promise.resolve(7))).resolves.toBe(7);
    await expect(deadline.wait(Promise.reject(new Error('no such file')))).rejects.toThrow('no such file');
  });
});

test('a limit beyond what a timer takes is no limit, and not none at all', async () => {
  await withDeadline({ signal: new AbortController().signal, timeoutSeconds: 10_000_000 }, async (deadline) => {
    const soon = new Promise((resolve) => {
      setTimeout(resolve, 30, 'answer');
    });
    await expect(deadline.wait(soon)).resolves.toBe('answer');
  });
});

test('the end of the run ends the wait with its own reason', async () => {
  const stop = new AbortController();
  await withDeadline({ signal: stop.signal, timeoutSeconds: 5 }, async (deadline) => {
    const waiting = deadline.wait(never());
    stop.abort(new Error('the run ended'));
    await expect(waiting).rejects.toThrow('the run ended');
  });
});
