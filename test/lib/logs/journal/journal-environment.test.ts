import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { journalEnvironment } from '../../../../src/lib/logs/journal/journal-environment.ts';

function clockIn(zone: string | undefined): string {
  const env = { ...journalEnvironment({ PATH: '/usr/bin:/bin', TZ: 'Asia/Tokyo' }, zone) };
  return execFileSync('date', ['--date=@1700000000', '+%FT%T%z'], { env }).toString().trim();
}

test('times are shown in the zone that was asked for', () => {
  expect(clockIn(undefined)).toBe('2023-11-15T07:13:20+0900');
  expect(clockIn('Europe/Berlin')).toBe('2023-11-14T23:13:20+0100');
  expect(clockIn('UTC')).toBe('2023-11-14T22:13:20+0000');
  expect(clockIn('+02:00')).toBe('2023-11-15T00:13:20+0200');
  expect(clockIn('-03:30')).toBe('2023-11-14T18:43:20-0330');
});

test('journalctl speaks the language in which it is understood', () => {
  const env = journalEnvironment({ LANGUAGE: 'de', LC_ALL: 'de_DE.UTF-8', SYSTEMD_LOG_LEVEL: 'debug' }, undefined);
  expect(env).toMatchObject({ LC_ALL: 'C', LANGUAGE: undefined, SYSTEMD_LOG_LEVEL: undefined, SYSTEMD_COLORS: '0' });
});
