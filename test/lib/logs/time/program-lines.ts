/** Lines as well-known programs write them, with the time they tell; the clock without an offset is that of Berlin. */
export interface ProgramLine {
  program: string;
  line: string;
  /** What Date.parse reads, with at most milliseconds. */
  time: string;
  /** Beyond the milliseconds. */
  microseconds?: number;
  format: string;
}

/** When the file of these lines was last written. */
export const modified = '2026-11-21T08:00:00Z';

const winter = '2026-11-20T14:00:05+01:00';
const winterMs = '2026-11-20T14:00:05.123+01:00';
const utc = '2026-11-20T14:00:05Z';
const utcMs = '2026-11-20T14:00:05.123Z';

export const programLines: readonly ProgramLine[] = [
  {
    program: 'nginx access',
    line: '203.0.113.9 - - [20/Nov/2026:14:00:05 +0100] "GET /health HTTP/1.1" 200 2 "-" "curl/8.5.0"',
    time: winter,
    format: 'clf',
  },
  {
    program: 'nginx error',
    line: '2026/11/20 14:00:05 [error] 731#731: *18 connect() failed (111: Connection refused) while connecting to upstream',
    time: winter,
    format: 'iso',
  },
  {
    program: 'Apache access with a virtual host and a user with brackets',
    line: 'shop.example:443 2001:db8::7 - [x] frank [20/Nov/2026:14:00:05 +0000] "POST /cart HTTP/2.0" 503 0',
    time: utc,
    format: 'clf',
  },
  {
    program: 'Apache error',
    line: '[Fri Nov 20 14:00:05.123456 2026] [proxy:error] [pid 811:tid 140] AH00898: Error reading from remote server',
    time: winterMs,
    microseconds: 456,
    format: '%a %b %d %H:%M:%S %Y',
  },
  {
    program: 'Tomcat',
    line: '20-Nov-2026 14:00:05.123 SEVERE [main] org.apache.catalina.core.StandardService.startInternal Failed',
    time: winterMs,
    format: '%d-%b-%Y %H:%M:%S',
  },
  {
    program: 'log4j',
    line: '2026-11-20 14:00:05,123 ERROR [worker-3] c.e.Orders - order 77 failed',
    time: winterMs,
    format: 'iso',
  },
  {
    program: 'log4j with the level first',
    line: 'ERROR [worker-3] 2026-11-20 14:00:05,123 c.e.Orders - order 77 failed',
    time: winterMs,
    format: 'iso',
  },
  {
    program: 'log4j with a padded level first',
    line: ' WARN [worker-3] 2026-11-20 14:00:05,123 c.e.Orders - slow',
    time: winterMs,
    format: 'iso',
  },
  {
    program: 'logback of Spring Boot',
    line: '2026-11-20T14:00:05.123+01:00  INFO 1 --- [           main] c.e.shop.Application : Started',
    time: winterMs,
    format: 'iso',
  },
  {
    program: 'java.util.logging',
    line: 'Nov 20, 2026 2:00:05 PM com.example.Main run',
    time: winter,
    format: '%b %d, %Y %I:%M:%S %p',
  },
  {
    program: 'Python logging',
    line: '2026-11-20 14:00:05,123 - celery.worker - WARNING - retry in 3 s',
    time: winterMs,
    format: 'iso',
  },
  {
    program: 'Python logging with the level first',
    line: 'WARNING:root:x 2026-11-20 14:00:05,123 - retry',
    time: winterMs,
    format: 'iso',
  },
  { program: 'Go log', line: '2026/11/20 14:00:05 listening on :8080', time: winter, format: 'iso' },
  {
    program: 'Go log with microseconds',
    line: '2026/11/20 14:00:05.123456 main.go:23: listening',
    time: winterMs,
    microseconds: 456,
    format: 'iso',
  },
  {
    program: 'Gin',
    line: '[GIN] 2026/11/20 - 14:00:05 | 200 |     1.2ms |     10.1.2.3 | GET      "/api"',
    time: winter,
    format: '%Y/%m/%d - %H:%M:%S',
  },
  {
    program: 'zap, production',
    line: '{"level":"info","ts":1795183205.123456,"caller":"app/main.go:31","msg":"ready"}',
    time: utcMs,
    microseconds: 456,
    format: 'json',
  },
  {
    program: 'zap, console',
    line: '2026-11-20T14:00:05.123+0100\tINFO\tapp/main.go:31\tready\t{"ts": 5}',
    time: winterMs,
    format: 'iso',
  },
  {
    program: 'pino',
    line: '{"level":30,"time":1795183205123,"pid":41,"hostname":"web-1","msg":"ready"}',
    time: utcMs,
    format: 'json',
  },
  {
    program: 'bunyan',
    line: '{"name":"api","hostname":"web-1","pid":41,"level":50,"msg":"time\\": 12","time":"2026-11-20T14:00:05.123Z","v":0}',
    time: utcMs,
    format: 'json',
  },
  {
    program: 'logstash',
    line: '{"@version":"1","message":"x","fields":{"time":"1999-01-01T00:00:00Z"},"@timestamp":"2026-11-20T14:00:05.123Z"}',
    time: utcMs,
    format: 'json',
  },
  {
    program: 'MongoDB',
    line: '{"t":{"$date":"2026-11-20T14:00:05.123+01:00"},"s":"I","c":"NETWORK","id":22943,"ctx":"listener","msg":"x"}',
    time: winterMs,
    format: 'json',
  },
  {
    program: 'the journal as JSON',
    line: '{"MESSAGE":"x","__REALTIME_TIMESTAMP":"1795183205123456","PRIORITY":"6"}',
    time: utcMs,
    microseconds: 456,
    format: 'json',
  },
  {
    program: 'docker json-file',
    line: '{"log":"203.0.113.9 - - [19/Nov/2026:01:02:03 +0000] \\"GET / HTTP/1.1\\" 200\\n","stream":"stdout","time":"2026-11-20T14:00:05.123456789Z"}',
    time: utcMs,
    microseconds: 456.789,
    format: 'json',
  },
  {
    program: 'docker compose with JSON',
    line: 'api-1  | {"level":30,"time":1795183205123,"msg":"ready"}',
    time: utcMs,
    format: 'json',
  },
  {
    program: 'docker compose',
    line: 'db-1  | 2026-11-20 14:00:05.123 UTC [1] LOG:  database system is ready to accept connections',
    time: utcMs,
    format: 'iso',
  },
  {
    program: 'containerd (CRI)',
    line: '2026-11-20T14:00:05.123456789+01:00 stderr F {"time":"2020-01-01T00:00:00Z"}',
    time: winterMs,
    microseconds: 456.789,
    format: 'iso',
  },
  {
    program: 'logrus',
    line: 'time="2026-11-20T14:00:05+01:00" level=warning msg="a time=1 b" retries=3',
    time: winter,
    format: 'logfmt',
  },
  {
    program: 'Prometheus',
    line: 'level=info ts=2026-11-20T14:00:05.123Z caller=head.go:611 component=tsdb msg="Replaying \\"WAL\\""',
    time: utcMs,
    format: 'logfmt',
  },
  {
    program: 'syslog',
    line: 'Nov 20 14:00:05 web-1 sshd[811]: Failed password for root from 203.0.113.9 port 4242 ssh2',
    time: winter,
    format: 'syslog',
  },
  {
    program: 'syslog, early in a month',
    line: 'Nov  5 14:00:05 web-1 cron[1]: x',
    time: '2026-11-05T14:00:05+01:00',
    format: 'syslog',
  },
  {
    program: 'syslog from the network',
    line: '<34>Nov 20 14:00:05 web-1 su: failed for lonvick',
    time: winter,
    format: 'syslog',
  },
  {
    program: 'rsyslog, high precision',
    line: '2026-11-20T14:00:05.123456+01:00 web-1 systemd[1]: Started cron.service.',
    time: winterMs,
    microseconds: 456,
    format: 'iso',
  },
  {
    program: 'journalctl -o short-iso',
    line: '2026-11-20T14:00:05+0100 web-1 kernel: [12345.678901] oom-kill',
    time: winter,
    format: 'iso',
  },
  {
    program: 'RFC 5424',
    line: '<165>1 2026-11-20T14:00:05.123456+01:00 web-1 evntslog - ID47 [a@32473 iut="3"] x',
    time: winterMs,
    microseconds: 456,
    format: 'rfc5424',
  },
  {
    program: 'RFC 5424 with the length of RFC 6587',
    line: '93 <165>1 2026-11-20T14:00:05Z web-1 app - - - x',
    time: utc,
    format: 'rfc5424',
  },
  {
    program: 'kernel through syslog',
    line: 'Nov 20 14:00:05 web-1 kernel: [12345.678901] Out of memory: Killed process 811 (java)',
    time: winter,
    format: 'syslog',
  },
  {
    program: 'dmesg -T',
    line: '[Fri Nov 20 14:00:05 2026] Out of memory: Killed process 811 (java)',
    time: winter,
    format: '%a %b %d %H:%M:%S %Y',
  },
  {
    program: 'dmesg --time-format iso',
    line: '2026-11-20T14:00:05,123456+01:00 usb 1-1: new device',
    time: winterMs,
    microseconds: 456,
    format: 'iso',
  },
  {
    program: 'klog',
    line: 'E1120 14:00:05.123456       1 reflector.go:138] failed to list *v1.Node',
    time: winterMs,
    microseconds: 456,
    format: 'klog',
  },
  {
    program: 'glog with the year',
    line: 'I20261120 14:00:05.123456 811 main.cc:31] ready',
    time: winterMs,
    microseconds: 456,
    format: 'klog',
  },
  {
    program: 'PostgreSQL',
    line: '2026-11-20 14:00:05.123 CET [811] app@shop ERROR:  deadlock detected',
    time: winterMs,
    format: 'iso',
  },
  {
    program: 'MySQL',
    line: '2026-11-20T14:00:05.123456Z 8 [Warning] [MY-010055] [Server] IP address could not be resolved',
    time: utcMs,
    microseconds: 456,
    format: 'iso',
  },
  { program: 'MySQL 5.5', line: '261120 14:00:05 [Note] InnoDB: ready', time: winter, format: '%y%m%d %H:%M:%S' },
  {
    program: 'MySQL 5.5 in the morning',
    line: '261120  9:05:06 [Note] x',
    time: '2026-11-20T09:05:06+01:00',
    format: '%y%m%d %H:%M:%S',
  },
  { program: 'MariaDB', line: '2026-11-20  9:05:06 0 [Note] x', time: '2026-11-20T09:05:06+01:00', format: 'iso' },
  {
    program: 'Redis',
    line: '1234:M 20 Nov 2026 14:00:05.123 * Background saving started by pid 99',
    time: winterMs,
    format: '%d %b %Y %H:%M:%S',
  },
  {
    program: 'HAProxy through syslog',
    line: 'Nov 20 14:00:06 lb haproxy[7]: 203.0.113.9:4242 [20/Nov/2026:14:00:05.123] fe be/srv1 0/0/1/5/6 200 312',
    time: '2026-11-20T14:00:06+01:00',
    format: 'syslog',
  },
  {
    program: 'HAProxy on stdout',
    line: '203.0.113.9:4242 [20/Nov/2026:14:00:05.123] fe be/srv1 0/0/1/5/6 200 312 - - ---- 1/1/0/0/0 0/0',
    time: winterMs,
    format: 'clf',
  },
  {
    program: 'GitHub Actions',
    line: '2026-11-20T14:00:05.1234567Z ##[group]Run npm ci',
    time: utcMs,
    microseconds: 456.7,
    format: 'iso',
  },
  {
    program: 'gh run view --log',
    line: 'build\tSet up job\t2026-11-20T14:00:05.1230000Z Current runner version',
    time: utcMs,
    format: 'iso',
  },
  {
    program: 'HDFS',
    line: '261120 203518 143 INFO dfs.DataNode: Receiving block',
    time: '2026-11-20T20:35:18+01:00',
    format: '%y%m%d %H%M%S',
  },
  {
    program: 'Spark',
    line: '26/11/20 14:00:05 INFO Executor: Running task 0.0',
    time: winter,
    format: '%y/%m/%d %H:%M:%S',
  },
  {
    program: 'Squid',
    line: '1795183205.123    711 10.1.2.3 TCP_MISS/200 1022 GET http://example.com/ - DIRECT/203.0.113.9 text/html',
    time: utcMs,
    format: 'epoch',
  },
  {
    program: 'an epoch in brackets',
    line: '[1795183205] SERVICE ALERT: web-1;HTTP;CRITICAL',
    time: utc,
    format: 'epoch',
  },
  {
    program: 'Zookeeper',
    line: '2026-11-20 14:00:05,123 - WARN  [SendWorker:188@688] - x',
    time: winterMs,
    format: 'iso',
  },
  {
    program: 'logcat',
    line: '11-20 14:00:05.123  1702  2395 D WindowManager: x',
    time: winterMs,
    format: '%m-%d %H:%M:%S',
  },
  {
    program: 'Rust tracing in colours',
    line: '\u001B[2m2026-11-20T14:00:05.123456Z\u001B[0m \u001B[32m INFO\u001B[0m x',
    time: utcMs,
    microseconds: 456,
    format: 'iso',
  },
  {
    program: 'Ruby logger',
    line: 'I, [2026-11-20T14:00:05.123456 #811]  INFO -- : ready',
    time: winterMs,
    microseconds: 456,
    format: 'iso',
  },
  {
    program: 'Rails production',
    line: 'Started GET "/" for 10.1.2.3 at 2026-11-20 14:00:05 +0100',
    time: winter,
    format: 'iso',
  },
  { program: 'a file with a byte order mark', line: '\uFEFF2026-11-20 14:00:05 ready', time: winter, format: 'iso' },
  {
    program: 'Oracle with the day first',
    line: '20.11.2026 14:00:05,123 ORA-00600',
    time: winterMs,
    format: '%d.%m.%Y %H:%M:%S',
  },
  { program: 'apt', line: 'Start-Date: 2026-11-20  14:00:05', time: winter, format: '%Y-%m-%d %H:%M:%S' },
  { program: 'minutes only', line: '2026-11-20 14:00 backup done', time: '2026-11-20T14:00:00+01:00', format: 'iso' },
];
