import { expect, test } from 'vitest';
import { detectShape } from '../../../../src/lib/logs/fields/shape.ts';

test.for([
  ['json', ['{"level":"error"}', '{"a":1}']],
  ['json', ['Nov 20 10:00:00 host app[1]: {"level":"error","msg":"x"}']],
  ['json', ['web-1  | {"level":"error"}', '', 'web-1  | starting']],
  ['json', ['{"level":"error","msg":"cut o']],
  ['clf', ['10.0.0.1 - - [20/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5']],
  [
    'clf',
    ['shop.example:443 10.0.0.1 - bob [20/Nov/2026:10:00:00 +0000] "GET /?a=1&b={"x":1} HTTP/1.1" 200 5 "-" "-"'],
  ],
  ['logfmt', ['time=2026-11-20T10:00:00Z level=info msg="a b c d e f"']],
  ['logfmt', ['2026-11-20T10:00:00Z app[web.1]: at=info method=GET path=/ status=200']],
  ['text', ['2026-11-20 10:00:00 INFO user=1 id=2 logged in from the office']],
  ['text', ['2026-11-20 10:00:00 INFO started']],
  ['text', ['function () { return 1 }', 'a {} b']],
  ['text', ['a=b']],
  ['text', ['{"a":1}', 'x y', 'z']],
  ['text', []],
  ['text', ['', '  ']],
] as const)('%s: %j', ([shape, lines]) => {
  expect(detectShape(lines)).toBe(shape);
});

test('lines of many MiB are judged by their begin', () => {
  const start = performance.now();
  expect(detectShape([`{"a":"${'x'.repeat(32 * 1024 * 1024)}`])).toBe('text');
  expect(detectShape([`{"b":1,"a":"${'x'.repeat(32 * 1024 * 1024)}`])).toBe('json');
  expect(performance.now() - start).toBeLessThan(1000);
});
