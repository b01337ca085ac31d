import { expect, test } from 'vitest';
import { maskLine } from '../../../../src/lib/logs/templates/mask-line.ts';

test.each([
  ['', ''],
  ['   ', ''],
  ['plain words stay', 'plain words stay'],
  ['  too \t many   spaces ', 'too many spaces'],
  ['took 12ms, 1.5s, 10MB, -5, +3%', 'took <*>, <*>, <*>, <*>, <*>'],
  ['at 0xdeadbeef1 in 550e8400-e29b-41d4-a716-446655440000', 'at <*> in <*>'],
  ['commit 3f786850e387550fdab836ed7e6dc881de23001b', 'commit <*>'],
  ['commit deadbeef0', 'commit <*>'],
  ['from 10.0.0.1:8080 to [10.0.0.2]', 'from <*> to [<*>]'],
  ['at 12:30:05.123 on 2026-11-20T12:30:05Z', 'at <*> on <*>'],
  ['mail from bob@example.com, to <ann@example.org>', 'mail from <*>, to <<*>>'],
  ['GET /api/users/77/orders?page=3', 'GET /api/users/<*>/orders?page=<*>'],
  ['id=42 name=bob', 'id=<*> name=bob'],
  ['worker-12 blk_99 thread#7', 'worker-<*> blk_<*> thread#<*>'],
  ['utf8 eth0 s3 h264x sha256', 'utf8 eth0 s3 <*> <*>'],
  ['user "bob smith" did \'this\'', 'user "<*>" did \'<*>\''],
  ["it can't and doesn't, don't", "it can't and doesn't, don't"],
  ['"" is empty, "this is never closed', '"" is empty, "this is never closed'],
  ['say "a \\" b" now', 'say "<*>" now'],
  ['- - "GET /a/1 HTTP/1.1" 200 5 "-" "curl/8 x"', '- - "GET /a/<*> HTTP/<*>" <*> <*> "<*>" "<*>"'],
  ['done "key": 5', 'done "key": <*>'],
  ['{"level":"info","msg":"job 7 done","ms":5}', '{"level":"info", "msg":"job <*> done", "ms":<*>}'],
  ['\u00fcber 5 \u6f22\u5b57 5', '\u00fcber <*> \u6f22\u5b57 <*>'],
])('%s becomes %s', (line, masked) => {
  expect(maskLine(line)).toBe(masked);
});

test('a line of 1 MB is cut and says so', () => {
  expect(maskLine('x'.repeat(1_000_000))).toBe(`${'x'.repeat(2048)} <*>`);
  expect(maskLine('a '.repeat(500_000))).toBe(`${'a '.repeat(127)}a <*>`);
});

test.each(['"', "'", '" ', ' "', '1:', '{"', '{,"', '"GET ', '@', '1@', '\\"'])(
  'a line of nothing but %s takes no time',
  (piece) => {
    const line = piece.repeat(500_000);
    const started = performance.now();
    for (let round = 0; round < 100; round++) maskLine(line);
    expect(performance.now() - started).toBeLessThan(2000);
  },
);
