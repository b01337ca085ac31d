import { expect, test } from 'vitest';
import { parseProcessor, readFirstProcessor } from '../../../src/lib/system/processor.ts';
import { fakeMachine } from './fake-machine.ts';

test('the model and the flags are those of the first processor', () => {
  const text =
    'processor\t: 0\nmodel name\t: CPU: first\nflags\t\t: fpu hypervisor\n\nprocessor\t: 1\nmodel name\t: second\n';
  expect(parseProcessor(text)).toEqual({ model: 'CPU: first', flags: ['fpu', 'hypervisor'] });
});

test('ARM names neither', () => {
  expect(parseProcessor('processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\n')).toEqual(
    {},
  );
});

test('only the beginning of the file of a big machine is read', () => {
  const one = `processor\t: 0\nmodel name\t: Big\nflags\t\t: ${'flag '.repeat(300)}\n\n`;
  expect(readFirstProcessor(fakeMachine({ '/proc/cpuinfo': one.repeat(500) }), 'cpu').model).toBe('Big');
});

test('a machine without the file has no model, and a file that cannot be read is an error', () => {
  const without = fakeMachine({});
  expect(readFirstProcessor(without, 'cpu')).toEqual({});
  expect(without.errors).toEqual([]);
  const folder = fakeMachine({ '/proc/cpuinfo/not-a-file': '' });
  expect(readFirstProcessor(folder, 'os')).toEqual({});
  expect(folder.errors).toMatchObject([{ section: 'os', subject: '/proc/cpuinfo' }]);
});
