import { expect, test } from 'vitest';
import { parsePressure, readPressure } from '../../../src/lib/system/pressure.ts';
import { fakeMachine } from './fake-machine.ts';

const some = 'some avg10=2.52 avg60=0.99 avg300=0.83 total=11142497';
const full = 'full avg10=0.10 avg60=0.20 avg300=0.30 total=500000';

test('shares are percent and the total is turned from microseconds to seconds', () => {
  expect(parsePressure(`${some}\n${full}\n`)).toEqual({
    some_avg10_pct: 2.52,
    some_avg60_pct: 0.99,
    some_avg300_pct: 0.83,
    some_total_seconds: 11.142497,
    full_avg10_pct: 0.1,
    full_avg60_pct: 0.2,
    full_avg300_pct: 0.3,
    full_total_seconds: 0.5,
  });
});

test('the cpu of a kernel before 5.13 has no line "full", which is absent and not 0', () => {
  expect(Object.keys(parsePressure(`${some}\n`))).toEqual([
    'some_avg10_pct',
    'some_avg60_pct',
    'some_avg300_pct',
    'some_total_seconds',
  ]);
});

test('a kernel without pressure stall information has none, without an error', () => {
  const probe = fakeMachine({});
  expect(readPressure(probe, 'io')).toBeUndefined();
  expect(probe.errors).toEqual([]);
});

test('text that is something else is an error of the section', () => {
  const probe = fakeMachine({ '/proc/pressure/memory': 'some avg10=a\n' });
  expect(readPressure(probe, 'memory')).toBeUndefined();
  expect(probe.errors).toMatchObject([{ section: 'memory', code: 'parse', subject: '/proc/pressure/memory' }]);
});
