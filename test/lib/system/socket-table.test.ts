import { expect, test } from 'vitest';
import { countSockets, emptyTable, readSocketTable, socketState } from '../../../src/lib/system/socket-table.ts';
import { fakeMachine } from './fake-machine.ts';

const heading = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const socket = (number: number, local: string, state: string): string =>
  `${String(number).padStart(4)}: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 620 1 0\n`;

test('a line that is not yet whole is left for the next piece', () => {
  const text = heading + socket(0, '0100007F:1F90', '0A') + socket(1, '0100007F:1F91', '0A');
  for (const cut of [0, 5, heading.length, heading.length + 30, text.length - 1, text.length]) {
    const table = emptyTable();
    const piece = Buffer.from(text);
    const used = countSockets(piece.subarray(0, cut), table, socketState.listen);
    expect(used).toBe(cut === 0 ? 0 : text.lastIndexOf('\n', cut - 1) + 1);
    countSockets(piece.subarray(used), table, socketState.listen);
    expect(table.ends).toEqual(new Set(['0100007F:1F90', '0100007F:1F91']));
    expect(table.broken).toBe(1);
  }
});

test('numbers of five digits and more move the fields, which are found all the same', () => {
  const text = heading + socket(123_456, '0100007F:1F90', '0A');
  expect(readSocketTable(fakeMachine({ '/t': text }), '/t', socketState.listen)!.states[10]).toBe(1);
});

test('sockets that share an address and a port are counted each and listed once', () => {
  const text = heading + socket(0, '0100007F:1F90', '0A') + socket(1, '0100007F:1F90', '0A');
  const table = readSocketTable(fakeMachine({ '/t': text }), '/t', socketState.listen)!;
  expect([table.states[10], table.ends.size]).toEqual([2, 1]);
});

test('a kernel without the protocol has no table, and a table that cannot be read is an error', () => {
  expect(readSocketTable(fakeMachine({}), '/t', 10)).toBeUndefined();
  expect(() => readSocketTable(fakeMachine({ '/t/folder': '' }), '/t', 10)).toThrow('EISDIR');
});

test.each([
  ['a line without an address', 'garbage\n'],
  ['an address of odd length', socket(0, '0100007:1F90', '0A')],
  ['a state that is no number', socket(0, '0100007F:1F90', 'ZZ')],
  ['a state that does not exist', socket(0, '0100007F:1F90', 'FF')],
  ['a line that is cut off', '   0: 0100007F:1F90 00000000:0000\n'],
])('%s is an error and no socket', (_, text) => {
  const probe = fakeMachine({ '/t': heading + socket(0, '0100007F:1F90', '01') + text });
  expect(() => readSocketTable(probe, '/t', 10)).toThrow('/t has 1 lines that are no sockets');
});

test('a line without an end is refused before it fills the memory', () => {
  expect(() => readSocketTable(fakeMachine({ '/t': 'x'.repeat(1_000_000) }), '/t', 10)).toThrow('longer than');
});

test('300,000 connections are counted within two seconds', () => {
  const lines = Array.from({ length: 300_000 }, (_, number) =>
    socket(number, '0100007F:1F90', number % 3 === 0 ? '06' : '01'),
  );
  const probe = fakeMachine({ '/t': heading + lines.join('') });
  const started = performance.now();
  const table = readSocketTable(probe, '/t', socketState.listen)!;
  expect(performance.now() - started).toBeLessThan(2000);
  expect([table.states[1], table.states[6]]).toEqual([200_000, 100_000]);
});
