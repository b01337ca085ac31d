import { uptime } from 'node:os';
import { expect, test } from 'vitest';
import { createProbe } from '../../../src/lib/system/probe.ts';
import { readUptime } from '../../../src/lib/system/uptime.ts';
import { fakeMachine } from './fake-machine.ts';

test('the first number counts', () => {
  expect(readUptime(fakeMachine({ '/proc/uptime': '12.34 56.78\n' }))).toBe(12.34);
});

test('text without a number is an error', () => {
  expect(() => readUptime(fakeMachine({ '/proc/uptime': '\n' }))).toThrow(SyntaxError);
  expect(() => readUptime(fakeMachine({}))).toThrow('ENOENT');
});

test('this machine has been up for as long as Node says', () => {
  expect(Math.abs(readUptime(createProbe()) - uptime())).toBeLessThan(2);
});
