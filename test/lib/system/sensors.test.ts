import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProbe } from '../../../src/lib/system/probe.ts';
import { sensorsSection } from '../../../src/lib/system/sensors.ts';
import { fakeMachine } from './fake-machine.ts';

const cases = join(import.meta.dirname, '../../cases/system-slow');

function ofSensors(entries: { section: string }[]): { section: string }[] {
  return entries.filter(({ section }) => section === 'sensors');
}

test.each(readdirSync(cases))('the sensors of %s are read', (name) => {
  const expected = JSON.parse(readFileSync(join(cases, name, 'expected.json'), 'utf8'));
  const probe = createProbe(join(cases, name));
  expect(sensorsSection(probe)).toEqual(expected.sensors);
  expect(probe.errors).toMatchObject(ofSensors(expected.errors));
  expect(probe.unavailable).toEqual(ofSensors(expected.unavailable));
});

test('old drivers keep their files one level deeper', () => {
  const probe = fakeMachine({
    '/sys/class/hwmon/hwmon0/device/name': 'it87',
    '/sys/class/hwmon/hwmon0/device/temp1_input': '33000\n',
  });
  expect(sensorsSection(probe)).toEqual([{ chip: 'it87', label: 'temp1', kind: 'temperature', celsius: 33 }]);
});

test.each(['', 'n/a', '12 34', '0x10', '1e3', '\u0000'])('a value that is no whole number is an error: %j', (text) => {
  const probe = fakeMachine({
    '/sys/class/hwmon/hwmon0/name': 'chip',
    '/sys/class/hwmon/hwmon0/temp1_input': text,
    '/sys/class/hwmon/hwmon0/temp2_input': '20000\n',
  });
  expect(sensorsSection(probe)).toEqual([
    { chip: 'chip', label: 'temp1', kind: 'temperature' },
    { chip: 'chip', label: 'temp2', kind: 'temperature', celsius: 20 },
  ]);
  expect(probe.errors).toMatchObject([{ section: 'sensors', code: 'parse', subject: 'chip temp1' }]);
});

test('a file that cannot be read is an error beside the other sensors', () => {
  // A folder in the place of the file fails for root as well.
  const probe = fakeMachine({
    '/sys/class/hwmon/hwmon0/fan1_input/x': '',
    '/sys/class/hwmon/hwmon0/fan2_input': '900\n',
    '/sys/class/hwmon/hwmon0/fan2_label/x': '',
  });
  expect(sensorsSection(probe)).toEqual([
    { chip: 'hwmon0', label: 'fan1', kind: 'fan' },
    { chip: 'hwmon0', label: 'fan2', kind: 'fan', rpm: 900 },
  ]);
  expect(probe.errors.map(({ subject }) => subject)).toEqual(['hwmon0 fan1', '/sys/class/hwmon/hwmon0/fan2_label']);
});

test('a sensor that reports its own fault has no value, and the report is not incomplete for it', () => {
  const probe = fakeMachine({
    '/sys/class/hwmon/hwmon0/name': 'chip',
    '/sys/class/hwmon/hwmon0/temp1_input': '-128000\n',
    '/sys/class/hwmon/hwmon0/temp1_fault': '1\n',
    '/sys/class/hwmon/hwmon0/temp2_input': '20000\n',
    '/sys/class/hwmon/hwmon0/temp2_fault': '0\n',
  });
  expect(sensorsSection(probe)).toEqual([
    { chip: 'chip', label: 'temp1', kind: 'temperature' },
    { chip: 'chip', label: 'temp2', kind: 'temperature', celsius: 20 },
  ]);
  const message = 'the sensor reports a fault';
  expect(probe.errors).toEqual([
    { section: 'sensors', code: 'failed', subject: 'chip temp1', message, required: false },
  ]);
});

test('this machine has sensors or says that it has none', () => {
  const probe = createProbe();
  const sensors = sensorsSection(probe);
  expect(sensors === undefined).toBe(probe.unavailable.length + probe.errors.length > 0);
  expect((sensors ?? []).filter(({ celsius }) => Math.abs(celsius ?? 0) > 200)).toEqual([]);
});
