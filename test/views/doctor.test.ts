import { expect, test } from 'vitest';
import type { Screen } from '../../src/command.ts';
import type { DoctorCheck } from '../../src/lib/doctor/check.ts';
import { width } from '../../src/terminal/width.ts';
import { viewDoctorCheck } from '../../src/views/doctor.ts';

const screen = (columns: number, more: Partial<Screen> = {}): Screen => ({
  columns,
  rows: 24,
  terminal: columns !== Infinity,
  color: false,
  unicode: true,
  ...more,
});

const missing: DoctorCheck = {
  environment: 'cron',
  subject: 'systemctl',
  state: 'missing',
  required: true,
  detail: 'sysinfo cannot list services, and a rule in devops.yaml needs this',
  hint: 'it comes with systemd; or write allow_missing: true beside the rule',
};
const found: DoctorCheck = {
  environment: 'here',
  subject: 'systemctl',
  state: 'ok',
  required: false,
  path: '/usr/local/bin/systemctl',
  version: 'systemd 252 (252.38-1~deb12u1)',
  detail: 'found',
};

test('what was found stands on one line where there is room', () => {
  const line = 'ok       systemctl             systemd 252 (252.38-1~deb12u1)  /usr/local/bin/systemctl';
  expect(viewDoctorCheck(found, screen(100))).toBe(line);
  expect(viewDoctorCheck(found, screen(Infinity))).toBe(line);
});

test('at 80 columns nothing is cut: what is long goes on below', () => {
  expect(viewDoctorCheck(found, screen(80)).split('\n')).toEqual([
    'ok       systemctl             systemd 252 (252.38-1~deb12u1)',
    '                               /usr/local/bin/systemctl',
  ]);
  expect(viewDoctorCheck(missing, screen(80)).split('\n')).toEqual([
    'missing  systemctl (cron)      sysinfo cannot list services, and a rule in',
    '                               devops.yaml needs this',
    '                               it comes with systemd; or write allow_missing:',
    '                               true beside the rule',
  ]);
});

test.each([20, 61, 80, 81, 132, Infinity])(
  'at %d columns every word is there, and no line is wider than it must be',
  (columns) => {
    for (const check of [missing, found]) {
      const text = viewDoctorCheck(check, screen(columns));
      const words = [check.detail === 'found' ? check.version : check.detail, check.path, check.hint]
        .join(' ')
        .split(' ');
      expect(text.split(/\s+/)).toEqual(expect.arrayContaining(words.filter((word) => word !== '')));
      for (const line of text.split('\n')) expect(width(line)).toBeLessThanOrEqual(Math.max(columns, 61));
    }
  },
);

test('a path that is wider than the screen is broken by nobody, so that it can be copied', () => {
  const path = `/${'x'.repeat(200)}`;
  expect(
    viewDoctorCheck({ ...found, path }, screen(80))
      .split('\n')
      .at(-1)!
      .trim(),
  ).toBe(path);
});

test('red is for what is needed, yellow for what would be nice, and colours take no place', () => {
  const painted = (check: DoctorCheck) => viewDoctorCheck(check, screen(80, { color: true }));
  expect(painted(missing)).toMatch(/^\u001B\[31mmissing\u001B\[39m  systemctl \(cron\)      sysinfo/);
  expect(painted({ ...missing, required: false })).toMatch(/^\u001B\[33mmissing/);
  expect(painted(found)).toMatch(/^\u001B\[32mok     \u001B\[39m  systemctl  /);
  // Each line of a hint is painted by itself, or the indentation would be, too.
  expect(painted(missing).split('\n').slice(-2)).toEqual([
    `${' '.repeat(31)}\u001B[2mit comes with systemd; or write allow_missing:\u001B[22m`,
    `${' '.repeat(31)}\u001B[2mtrue beside the rule\u001B[22m`,
  ]);
});

test('nothing of a version, a path or a message can move the cursor', () => {
  const hostile = 'a\n\u001B[2J\u202Eb';
  const check = { ...found, subject: hostile, version: hostile, path: hostile, hint: hostile };
  for (const line of viewDoctorCheck(check, screen(80)).split('\n')) expect(line).toMatch(/^[ -~]*$/);
});
