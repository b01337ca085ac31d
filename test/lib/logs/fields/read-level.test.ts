import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { levels } from '../../../../src/lib/logs/fields/level.ts';
import { readLevel } from '../../../../src/lib/logs/fields/read-level.ts';
import type { Shape } from '../../../../src/lib/logs/fields/shape.ts';

function levelOf(line: string, shape: Shape = 'text'): string | undefined {
  // In the middle of other bytes, as in a chunk of a file: none of them may be looked at.
  const before = 'ERROR [error] ';
  const bytes = Buffer.from(`${before}${line} level=fatal "FATAL"}`);
  const start = before.length;
  return readLevel(bytes, start, start + Buffer.byteLength(line), shape);
}

test.for([
  // log4j, logback, Spring, Kafka, Elasticsearch
  ['2026-11-20 10:00:00,123 [main] INFO  com.shop.Cart - an ERROR in the message', 'info'],
  ['2026-11-20 10:00:00.123  WARN 1234 --- [nio-8080-exec-1] c.shop.Cart  : slow', 'warning'],
  ['10:00:00.123 [pool-1-thread-2] ERROR c.s.Cart -- failed', 'error'],
  ['[2026-11-20 10:00:00,123] FATAL [broker 1] stopping (kafka.Server)', 'critical'],
  ['[2026-11-20T10:00:00,123][WARN ][o.e.c.Node] [n1] disk', 'warning'],
  // Python, gunicorn, uvicorn
  ['2026-11-20 10:00:00,123 - root - ERROR - no such user', 'error'],
  ['2026-11-20 10:00:00,123 - shop.cart - CRITICAL - out of memory', 'critical'],
  ['WARNING:root:careful', 'warning'],
  ['[2026-11-20 10:00:00 +0000] [123] [INFO] Booting worker', 'info'],
  ['INFO:     10.0.0.1:5000 - "GET / HTTP/1.1" 200 OK', 'info'],
  // java.util.logging, in one line and in two
  ['Nov 20, 2026 10:00:00 AM com.shop.Cart check\nSEVERE: no money', 'error'],
  ['Nov 20, 2026 10:00:00 AM com.shop.Cart check\nFINE: enough', 'debug'],
  ['SEVERE: no money', 'error'],
  // Apache, nginx
  ['[Fri Nov 20 10:00:00.123456 2026] [core:error] [pid 1:tid 2] [client 10.0.0.1:80] AH1', 'error'],
  ['[Fri Nov 20 10:00:00 2026] [notice] resuming', 'notice'],
  ['2026/11/20 10:00:00 [error] 12#12: *1 open() failed', 'error'],
  ['2026/11/20 10:00:00 [emerg] 12#12: bind() failed', 'emergency'],
  // PostgreSQL, MySQL, MariaDB, MongoDB, redis
  ['2026-11-20 10:00:00.123 UTC [123] LOG:  checkpoint starting', 'info'],
  ['2026-11-20 10:00:00.123 CET [123] app@shop ERROR:  relation "x" does not exist', 'error'],
  ['2026-11-20 10:00:00.123 UTC [123] FATAL:  too many connections', 'critical'],
  ['2026-11-20 10:00:00.123 UTC [123] PANIC:  could not write', 'emergency'],
  ['2026-11-20 10:00:00.123 UTC [123] DEBUG1:  snapshot', 'debug'],
  ['2026-11-20 10:00:00.123 UTC [123] STATEMENT:  SELECT ERROR FROM x', undefined],
  ['2026-11-20T10:00:00.000000Z 0 [ERROR] [MY-010119] [Server] Aborting', 'error'],
  ['2026-11-20 10:00:00 0 [Warning] Aborted connection', 'warning'],
  ['2026-11-20T10:00:00.000+0000 I NETWORK  [conn1] end connection', 'info'],
  ['1234:M 20 Nov 2026 10:00:00.123 * Ready to accept connections', 'notice'],
  ['1234:M 20 Nov 2026 10:00:00.123 # Out of memory', 'warning'],
  ['1:C 20 Nov 10:00:00.123 - cleaning', 'info'],
  ['1234:S 20 Nov 2026 10:00:00.123 . 5 clients', 'debug'],
  // klog, glog, logcat, also behind the header of a container runtime
  ['E1120 10:00:00.000000       1 server.go:12] broken', 'error'],
  ['I20261120 10:00:00.000000 123 main.cc:1] ERROR in text', 'info'],
  ['2026-11-20T10:00:00.1Z stderr F W1120 10:00:00.000000  1 file.go:1] hm', 'warning'],
  ['11-20 10:00:00.123  1234  1250 E ActivityManager: crash', 'error'],
  // syslog: the priority, or what the program wrote behind its name
  ['<34>Oct 11 22:14:15 host su: failed', 'critical'],
  ['<165>1 2026-10-11T22:14:15.003Z host app - ID47 - ERROR', 'notice'],
  ['<0>panic', 'emergency'],
  ['<192>ERROR', 'error'],
  ['Nov 20 10:00:00 host sshd[1]: error: kex_exchange_identification', 'error'],
  ['Nov 20 10:00:00 host sshd[1]: fatal: no hostkeys', 'critical'],
  ['Nov 20 10:00:00 host app[1]: [WARN] slow', 'warning'],
  ['Nov 20 10:00:00 host app[1]: 2026-11-20 10:00:00,123 - shop.cart - ERROR - no', 'error'],
  ['2026-11-20T10:00:00+01:00 host app: ERROR no', 'error'],
  ['Fri Nov 20 10:00:00 2026 daemon.err uhttpd[1]: no', 'error'],
  // Rust, Go, Ruby, PHP, Elixir, Erlang, .NET, Node, docker compose, kernel
  ['[2026-11-20T10:00:00Z WARN  my_crate::part] hm', 'warning'],
  ['2026-11-20T10:00:00.123Z ERROR my_crate: no', 'error'],
  ['2026-11-20T10:00:00Z\tERROR\tserver/main.go:1\tno', 'error'],
  ['2026-11-20T10:00:00Z\twarn\tserver/main.go:1\tno', 'warning'],
  ['10:00AM INF started', 'info'],
  ['E, [2026-11-20T10:00:00.123 #123] ERROR -- : no', 'error'],
  ['[2026-11-20 10:00:00] production.ERROR: no', 'error'],
  ['10:00:00.123 [error] no', 'error'],
  ['=ERROR REPORT==== 20-Nov-2026::10:00:00 ===', 'error'],
  ['fail: Shop.Cart[0]', 'error'],
  ['Error: Cannot find module', 'error'],
  ['\u001b[32minfo\u001b[39m: started', 'info'],
  ['2026-11-20T10:00:00Z \u001b[31mERROR\u001b[0m no', 'error'],
  ['npm ERR! code 1', 'error'],
  ['web-1  | 2026-11-20 10:00:00 ERROR no', 'error'],
  ['web  | ERROR no', 'error'],
  ['<info>  [1699.1] device (eth0): up', 'info'],
  ['[drm:radeon] *ERROR* no', 'error'],
  ['2026-11-20 10:00:00|ERROR|no', 'error'],
  ['2026-11-20 10:00:00 host level=error msg', 'error'],
  ['\ufeffERROR no', 'error'],
  // None in the head
  ['Nov 20 10:00:00 host app[1]: user typed ERROR in the form', undefined],
  ['2026-11-20 10:00:00 the user typed ERROR', undefined],
  ['2026-11-20T10:00:00.1Z stdout F two words ERROR', undefined],
  ['2026-11-20 10:00:00 reading failed with error: no', undefined],
  ['Nov 20 10:00:00 host kernel: [12.3] usb: error -5', undefined],
  ['error reading file', undefined],
  ['10:00:00 I went home', undefined],
  ['\tat com.shop.Cart.check(ERROR.java:1)', undefined],
  ['config: loaded', undefined],
  ['2026-11-20 10:00:00 state=ERROR', undefined],
  [`${'1234 '.repeat(60)}ERROR`, undefined],
  ['', undefined],
] as const)('the level of %j is %s', ([line, expected]) => {
  expect(levelOf(line)).toBe(expected);
});

test.for([
  ['{"level":"error","msg":"x"}', 'error'],
  ['{"msg":"level","Severity":"WARN"}', 'warning'],
  ['{"level":30,"msg":"x"}', 'info'],
  ['{"level":60}', 'critical'],
  ['{"level":35}', 'info'],
  ['{"PRIORITY":"3","MESSAGE":"x"}', 'error'],
  ['{"level":0}', 'emergency'],
  ['{"level":8}', undefined],
  ['{"level":"ERROR+2"}', 'error'],
  ['{"log.level":"error"}', 'error'],
  ['{"log":{"logger":"x","level":"fatal"}}', 'critical'],
  ['{"@l":"Error"}', 'error'],
  ['{"levelname":"CRITICAL"}', 'critical'],
  ['{"t":{"$date":"x"},"s":"W","c":"NETWORK"}', 'warning'],
  ['{"t":{"$date":"x"},"s":"D2","c":"NETWORK"}', 'debug'],
  ['{"level":"high","severity":"error"}', 'error'],
  ['{"http":{"level":"error"}}', undefined],
  ['{"message":"ERROR"}', undefined],
  ['{"level":"error","msg":"cut o', 'error'],
  [String.raw`{"log":"{\"level\":\"warn\"}\n","stream":"stdout"}`, 'warning'],
  [String.raw`{"log":"2026-11-20 ERROR no\n","stream":"stderr"}`, 'error'],
  ['Nov 20 10:00:00 host app[1]: {"level":"error"}', 'error'],
  ['2026-11-20 10:00:00 WARN got {"a":1}', 'warning'],
  ['no object here', undefined],
] as const)('the level of the JSON line %j is %s', ([line, expected]) => {
  expect(levelOf(line, 'json')).toBe(expected);
  if (line.startsWith('{')) expect(levelOf(line, 'text')).toBe(expected);
});

test.for([
  ['time=2026-11-20T10:00:00Z level=warn msg="level=error"', 'warning'],
  ['msg="a level=error in it" lvl=crit', 'critical'],
  ['time=1 msg=x severity="Error"', 'error'],
  ['time=1 level msg=x', undefined],
  ['2026-11-20 ERROR a=1 b=2', 'error'],
] as const)('the level of the logfmt line %j is %s', ([line, expected]) => {
  expect(levelOf(line, 'logfmt')).toBe(expected);
});

test('an access log has no levels', () => {
  expect(levelOf('10.0.0.1 - - [20/Nov/2026:10:00:00 +0000] "GET /ERROR HTTP/1.1" 500 1', 'clf')).toBeUndefined();
});

test('any bytes have a level or none, in every shape', () => {
  const piece = fc.oneof(
    fc.constantFrom('ERROR', '[', ']', '<', '>', ':', ' ', '\t', '\u001b[', '{"', '"level"', 'level=', '\\', '\n', '='),
    fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      fc.constantFrom<Shape>('json', 'logfmt', 'clf', 'text'),
      (pieces, shape) => {
        const bytes = Buffer.from(pieces.join(''), 'latin1');
        expect([undefined, ...levels]).toContain(readLevel(bytes, 0, bytes.length, shape));
      },
    ),
    { numRuns: 2000 },
  );
});
