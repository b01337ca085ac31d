import { expect, test } from 'vitest';
import { callForAll } from '../../../../src/lib/aws/power/call-for-all.ts';

function refusal(code: string, message: string, status = 400): Error {
  return Object.assign(new Error(message), { name: code, $fault: 'client', $metadata: { httpStatusCode: status } });
}

const ids = (count: number) => Array.from({ length: count }, (_, at) => `i-${String(at).padStart(17, '0')}`);

function runWith(refuse: (batch: readonly string[]) => Error | undefined) {
  const calls: (readonly string[])[] = [];
  const pauses: number[] = [];
  let now = 0;
  const run = {
    signal: new AbortController().signal,
    deadline: 900,
    monotonic: () => now,
    async pause(seconds: number) {
      pauses.push(seconds);
      now += seconds;
    },
  };
  const call = async (batch: readonly string[]) => {
    calls.push(batch);
    const error = refuse(batch);
    if (error !== undefined) throw error;
  };
  return { calls, pauses, run, call };
}

test('ids that a refusal names are taken out, and the call is made once more for the rest', async () => {
  const all = ids(100);
  const bad = [all[3]!, all[77]!];
  const { calls, run, call } = runWith((batch) => {
    const found = batch.filter((id) => bad.includes(id));
    return found.length === 0
      ? undefined
      : refusal('InvalidInstanceID.NotFound', `The instance IDs '${found.join(', ')}' do not exist`);
  });
  const { done, refusals } = await callForAll(all, run, call);
  expect(done).toHaveLength(98);
  expect(refusals.map(({ id, kind }) => [id, kind])).toEqual(bad.map((id) => [id, 'refused']));
  expect(calls).toHaveLength(2);
});

test('two that no message names are found by halving, and nothing is lost', async () => {
  const all = ids(64);
  const bad = [all[0]!, all[40]!];
  const { calls, run, call } = runWith((batch) =>
    batch.some((id) => bad.includes(id)) ? refusal('UnsupportedOperation', 'It is not supported') : undefined,
  );
  const { done, refusals } = await callForAll(all, run, call);
  expect([...done, ...refusals.map(({ id }) => id)].toSorted()).toEqual(all);
  expect(refusals.map(({ id }) => id).toSorted()).toEqual(bad);
  expect(calls.length).toBeLessThanOrEqual(25);
});

test('a message that names others than those that were asked for is halved, too', async () => {
  const all = ids(4);
  const { run, call } = runWith((batch) =>
    batch.includes(all[2]!) ? refusal('IncorrectInstanceState', "The volume of 'i-ffffffff' is in use") : undefined,
  );
  const { done, refusals } = await callForAll(all, run, call);
  expect(done).toHaveLength(3);
  expect(refusals.map(({ id }) => id)).toEqual([all[2]]);
});

test.each([
  ['UnauthorizedOperation', 403, 'failed'],
  ['AuthFailure', 401, 'failed'],
  ['RequestExpired', 400, 'failed'],
  ['ForeignAnswer', 403, 'failed'],
  ['InsufficientInstanceCapacity', 500, 'capacity'],
  ['InternalError', 500, 'uncertain'],
] as const)('%s is an answer to all of them, after one call', async (code, status, kind) => {
  const { calls, run, call } = runWith(() => refusal(code, 'No', status));
  const { refusals } = await callForAll(ids(50), run, call);
  expect(new Set(refusals.map((one) => one.kind))).toEqual(new Set([kind]));
  expect([calls.length, refusals.length]).toEqual([1, 50]);
});

test('no answer at all is uncertain', async () => {
  const { run, call } = runWith(() => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
  expect((await callForAll(ids(2), run, call)).refusals.map(({ kind }) => kind)).toEqual(['uncertain', 'uncertain']);
});

test('a throttle is waited for with growing pauses, whole, and given up in the end', async () => {
  const { calls, pauses, run, call } = runWith(() => refusal('RequestLimitExceeded', 'Request limit exceeded.', 503));
  const { refusals } = await callForAll(ids(10), run, call);
  expect(calls.map((batch) => batch.length)).toEqual([10, 10, 10, 10, 10, 10]);
  expect(pauses).toEqual([2, 5, 10, 20, 30]);
  expect(refusals.every(({ kind }) => kind === 'failed')).toBe(true);
});

test('nothing is waited for beyond the deadline', async () => {
  const { pauses, run, call } = runWith(() => refusal('RequestLimitExceeded', 'Request limit exceeded.', 503));
  await callForAll(ids(1), { ...run, deadline: 8 }, call);
  expect(pauses).toEqual([2, 5]);
});

test('an interruption ends it', async () => {
  const controller = new AbortController();
  const { run, call } = runWith(() => {
    controller.abort(new Error('enough'));
    return refusal('UnsupportedOperation', 'No');
  });
  await expect(callForAll(ids(8), { ...run, signal: controller.signal }, call)).rejects.toThrow('enough');
});
