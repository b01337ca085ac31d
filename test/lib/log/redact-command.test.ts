import { expect, test } from 'vitest';
import { redactCommand } from '../../../src/lib/log/redact-command.ts';

test.each([
  [['dump', '--password', 'hunter2', '-v'], 'dump --password [redacted] -v'],
  [['dump', '--db-password', 'hunter2'], 'dump --db-password [redacted]'],
  [['sh', '-c', 'dump --token "a b" && echo'], 'sh -c dump --token [redacted] && echo'],
  [['dump', '--password=hunter2'], 'dump --password=[redacted]'],
  [['dump', '--password-file', '/etc/pw'], 'dump --password-file /etc/pw'],
  [['dump', '--password', '--verbose'], 'dump --password --verbose'],
  [['psql', 'postgres://u:hunter2@host/db'], 'psql postgres://u:[redacted]@host/db'],
])('%j is shown as %s', (argv, text) => {
  expect(redactCommand(argv)).toBe(text);
});

test('a long text of such words takes no time', () => {
  const started = performance.now();
  redactCommand(['x', '--password'.repeat(20_000), ' '.repeat(20_000), '-secret-'.repeat(20_000)]);
  expect(performance.now() - started).toBeLessThan(1000);
});
