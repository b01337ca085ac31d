import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLogfmtField, readTextField } from '../../../../src/lib/logs/fields/logfmt-field.ts';
import type { ReadField } from '../../../../src/lib/logs/fields/field-value.ts';

function read(readField: ReadField, line: string, name: string): unknown {
  const bytes = Buffer.from(`a=before ${line} a=behind"`);
  return readField(bytes, 9, 9 + Buffer.byteLength(line), name);
}

test.for([
  ['level=error msg="a b" status=500', 'status', '500'],
  ['level=error msg="a b" status=500', 'msg', 'a b'],
  [String.raw`msg="say \"hi\"\n\u00e9\\" b=1`, 'msg', 'say "hi"\né\\'],
  [String.raw`msg="say \" a=1" b=1`, 'b', '1'],
  ['msg="a=1"', 'a', undefined],
  ['debug a=1', 'debug', true],
  ['a= b=1', 'a', ''],
  ['a="" b=1', 'a', ''],
  ['a=1 a=2', 'a', '1'],
  ['http.status=500', 'http.status', '500'],
  ['url=/x?a=1 b=2', 'url', '/x?a=1'],
  ['größe=süß', 'größe', 'süß'],
  ['aa=1', 'a', undefined],
  ['=1 a=2', 'a', '2'],
  ['a="cut o', 'a', undefined],
  ['a=1\r', 'a', '1'],
  ['', 'a', undefined],
] as const)('logfmt %s has %j: %j', ([line, name, expected]) => {
  expect(read(readLogfmtField, line, name)).toEqual(expected);
});

test.for([
  ['2026-11-20 INFO request done (status=500, path="/x y") b=2;', 'status', '500'],
  ['2026-11-20 INFO request done (status=500, path="/x y") b=2;', 'path', '/x y'],
  ['2026-11-20 INFO request done (status=500, path="/x y") b=2;', 'b', '2'],
  ['2026-11-20 INFO request done', 'INFO', undefined],
] as const)('text %s has %j: %j', ([line, name, expected]) => {
  expect(read(readTextField, line, name)).toEqual(expected);
});

test('whatever is quoted with the escapes of JSON is read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (first, second) => {
      // A lone surrogate has no UTF-8.
      fc.pre(first.isWellFormed());
      const line = `a=${JSON.stringify(first)} b=${JSON.stringify(second)}`;
      expect(read(readLogfmtField, line, 'a')).toBe(first);
      expect(read(readLogfmtField, line, 'b')).toBe(second);
    }),
  );
});
