import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJsonField } from '../../../../src/lib/logs/fields/json-field.ts';
import { readRecord } from '../../../../src/lib/logs/fields/record-reader.ts';

/** Both ways to read it, which must agree. */
function read(line: string, name: string): unknown {
  const before = '{"b":"before"} ';
  const bytes = Buffer.from(`${before}${line}"a":"behind"}`);
  const end = before.length + Buffer.byteLength(line);
  const value = readJsonField(bytes, before.length, end, name);
  expect(readRecord(bytes, before.length, end, 'json')(name)).toEqual(value);
  return value;
}

test.for([
  ['{"a":"x","b":2}', 'b', 2],
  ['{"a":1.50e2}', 'a', 150],
  ['{ "a" : true , "b" : null }', 'a', true],
  ['{ "a" : true , "b" : null }', 'b', null],
  ['{"a":"x"}', 'c', undefined],
  ['{"a":"x"}', 'aa', undefined],
  ['{"aa":"x"}', 'a', undefined],
  ['{"http":{"status":500,"path":"/"}}', 'http.status', 500],
  ['{"http.status":1,"http":{"status":500}}', 'http.status', 1],
  ['{"http":{"status":500},"http.status":1}', 'http.status', 1],
  ['{"a":{"b.c":1},"a.b":{"c":2}}', 'a.b.c', 2],
  ['{"a":{"b.c":1},"a.b":{"d":2}}', 'a.b.c', 1],
  ['{"errors":[{"code":7},{"code":8}]}', 'errors.1.code', 8],
  ['{"errors":[{"code":7}]}', 'errors.1.code', undefined],
  ['{"errors":[1,2]}', 'errors.length', undefined],
  ['{"errors":[1,2]}', 'errors.01', undefined],
  ['{"a":{"b":1}}', 'a', '{"b":1}'],
  ['{"a":[1, "]"],"b":3}', 'a', '[1, "]"]'],
  ['{"a":[1, "]"],"b":3}', 'b', 3],
  ['{"a":1,"a":2}', 'a', 2],
  [String.raw`{"a":"q\"u\\o\nte\u00e9"}`, 'a', 'q"u\\o\nteé'],
  [String.raw`{"\u0061":1}`, 'a', 1],
  ['{"größe":"süß"}', 'größe', 'süß'],
  [String.raw`{"a":"\"b\":5","b":6}`, 'b', 6],
  ['{"a":{"b":1},"c":2}', 'b', undefined],
  ['{"__proto__":1}', '__proto__', 1],
  ['{"a":1}', 'toString', undefined],
  ['{"a":1}', 'constructor.name', undefined],
  ['{"":1}', '', 1],
  ['Nov 20 10:00:00 host app[1]: {"a":"x"}', 'a', 'x'],
  ['web-1  | {"a":"x"}', 'a', 'x'],
  ['got {x} and {"a":"x"}', 'a', 'x'],
  [String.raw`{"log":"{\"a\":\"x y\"}\n","stream":"stdout"}`, 'a', 'x y'],
  [String.raw`{"log":"{\"a\":\"x y\"}\n","stream":"stdout"}`, 'stream', 'stdout'],
  ['{"a":"whole","b":"cut o', 'a', 'whole'],
  ['{"a":"whole","b":"cut o', 'b', undefined],
  ['{"a":12', 'a', undefined],
  ['{"a":NaN,"b":1}', 'b', 1],
  ['{"a":NaN,"b":1}', 'a', undefined],
  ['{', 'a', undefined],
  ['{}', 'a', undefined],
  ['', 'a', undefined],
  ['no object', 'a', undefined],
] as const)('%s has %j: %j', ([line, name, expected]) => {
  expect(read(line, name)).toEqual(expected);
});

test('the answers are those of JSON.parse, for whatever it can parse', () => {
  const key = fc.oneof(fc.constantFrom('a', 'b', 'c', 'a.b', 'b.c'), fc.string({ maxLength: 3 }));
  const leaf = fc.oneof(
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  );
  const inner = fc.dictionary(key, leaf, { maxKeys: 4 });
  const record = fc.dictionary(key, fc.oneof(leaf, inner, fc.array(leaf, { maxLength: 3 })), { maxKeys: 6 });
  fc.assert(
    fc.property(record, fc.boolean(), (object, isSpaced) => {
      const line = JSON.stringify(object, null, isSpaced ? ' ' : '');
      for (const [name, value] of Object.entries(JSON.parse(line) as Record<string, unknown>)) {
        if (typeof value !== 'object' || value === null) expect(read(line, name)).toEqual(value);
        else {
          expect(JSON.parse(read(line, name) as string)).toEqual(value);
          for (const [part, leafValue] of Object.entries(value)) {
            const path = `${name}.${part}`;
            const isShadowed = Object.keys(object).some((other) => other !== name && path.startsWith(other));
            if (!isShadowed && !name.includes('.') && !part.includes('.')) expect(read(line, path)).toEqual(leafValue);
          }
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('any bytes give a field or none, by both ways the same', () => {
  const piece = fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', '"a"', '"b"', '1', 'true', ' ', 'ü', '\u0000');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom('a', 'a.b', 'a.0', 'b'), (pieces, name) => {
      expect(() => read(`{"a":${pieces.join('')}`, name)).not.toThrow();
    }),
    { numRuns: 2000 },
  );
});

test('a million brackets inside each other take neither the stack nor long', () => {
  const deep = `{"a":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)},"b":1}`;
  const bytes = Buffer.from(deep);
  const start = performance.now();
  expect(readJsonField(bytes, 0, bytes.length, 'b')).toBe(1);
  expect(readJsonField(bytes, 0, bytes.length, `a${'.0'.repeat(20)}.x`)).toBeUndefined();
  expect(readRecord(bytes, 0, bytes.length, 'json')('b')).toBe(1);
  expect(performance.now() - start).toBeLessThan(2000);
});
