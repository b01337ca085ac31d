import { expect, test } from 'vitest';
import { failureMessage, readRecords } from '../../../../src/lib/aws/lambda/read-records.ts';

test('lines of JSON are records', () => {
  expect(readRecords('{"a":1}\n{"a":2}\n', false)).toEqual([{ a: 1 }, { a: 2 }]);
  expect(readRecords('', false)).toEqual([]);
});

test('of an output that was cut the last line is left out', () => {
  expect(readRecords('{"a":1}\n{"a":', true)).toEqual([{ a: 1 }]);
});

test('any other output is none', () => {
  expect(readRecords('10.0.0.1\tweb\n', false)).toBeUndefined();
  expect(readRecords('{"a":1}', false)).toBeUndefined();
});

test('the failure of a run is that of the whole and of its items', () => {
  const stderr = 'a warning\n{"error":{"code":"network","message":"no answer","hints":["wait"]}}\n';
  const items = [
    { id: 'i-1', state: 'stopped' },
    { subject: 'i-2', error: { code: 'x', message: 'was not stopped' } },
  ];
  expect(failureMessage(stderr, items)).toBe('no answer; i-2: was not stopped');
  expect(failureMessage('devops: error: no answer\ndevops: hint: wait\n', [])).toBe('no answer');
});

test('of many failures the first ones are told', () => {
  const items = Array.from({ length: 9 }, (_, at) => ({ subject: `i-${at}`, error: { message: 'x'.repeat(100) } }));
  expect(failureMessage('', items)).toMatch(/^i-0: x+; .*i-4: x+; and 4 more in the log$/);
  expect(failureMessage('', [{ subject: 'i', error: { message: 'x'.repeat(9000) } }])).toHaveLength(4000);
});

test.each([['{"error"'], ['{"error":5}'], ['{"error":null}'], ['{"error":{}}']])('%s tells nothing', (line) => {
  expect(failureMessage(`${line}\n`, [null, 5, { subject: 'i', error: null }])).toBe('');
});
