import { expect, test } from 'vitest';
import { readNoted } from '../../../src/lib/system/read-noted.ts';
import { fakeMachine } from './fake-machine.ts';

test('a file that is not there is no error, and one that cannot be read is', () => {
  const probe = fakeMachine({ '/proc/vmstat': 'oom_kill 1\n', '/proc/meminfo/folder': '' });
  expect(readNoted(probe, 'memory', '/proc/vmstat')).toBe('oom_kill 1\n');
  expect(readNoted(probe, 'memory', '/proc/absent')).toBeUndefined();
  expect(probe.errors).toEqual([]);
  expect(readNoted(probe, 'memory', '/proc/meminfo')).toBeUndefined();
  expect(probe.errors).toMatchObject([{ section: 'memory', subject: '/proc/meminfo' }]);
});
