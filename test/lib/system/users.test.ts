import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createProbe } from '../../../src/lib/system/probe.ts';
import { parseUtmp, usersSection } from '../../../src/lib/system/users.ts';
import { fakeMachine } from './fake-machine.ts';
import { askPeer } from './peer.ts';

const cases = join(import.meta.dirname, '../../cases/system-slow');
const userProcess = 7;

interface Entry {
  type?: number;
  pid?: number;
  line?: string;
  user?: string;
  host?: string;
  seconds?: number;
}

/** One record of utmp(5); 384 bytes on x86, 400 where times have 64 bits. */
function record(
  { type = userProcess, pid = 1, line = '', user = '', host = '', seconds = 0 }: Entry,
  size = 384,
): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeInt16LE(type, 0);
  bytes.writeInt32LE(pid, 4);
  bytes.write(line, 8, 32);
  bytes.write(user, 44, 32);
  bytes.write(host, 76, 256);
  if (size === 384) bytes.writeUInt32LE(seconds, 340);
  else bytes.writeBigInt64LE(BigInt(seconds), 344);
  return bytes;
}

const logins: Entry[] = [
  { type: 2, pid: 0, line: '~', user: 'reboot', host: '6.1.0-18-amd64', seconds: 1_767_000_000 },
  { type: 6, pid: 700, line: 'tty1', user: 'LOGIN', seconds: 1_767_000_010 },
  { pid: 1200, line: 'pts/0', user: 'ada', host: '192.0.2.7', seconds: 1_767_323_045 },
  { type: 8, pid: 1300, line: 'pts/1', seconds: 1_767_323_050 },
  { pid: 1400, line: 'tty2', user: 'u'.repeat(32), host: 'h'.repeat(256), seconds: 1_767_323_060 },
];

function machineWithUtmp(entries: Entry[], alive: number[], size?: number) {
  const probe = fakeMachine({ '/run/x': '' });
  writeFileSync(join(probe.root, 'run/utmp'), Buffer.concat(entries.map((entry) => record(entry, size))));
  for (const pid of alive) mkdirSync(join(probe.root, `proc/${pid}`), { recursive: true });
  return probe;
}

test.each([384, 400])('logins are read from records of %i bytes', (size) => {
  const probe = machineWithUtmp(logins, [1, 1200, 1400], size);
  expect(usersSection(probe)).toEqual([
    { user: 'ada', terminal: 'pts/0', from: '192.0.2.7', since: '2026-01-02T03:04:05.000Z' },
    { user: 'u'.repeat(32), terminal: 'tty2', from: 'h'.repeat(256), since: '2026-01-02T03:04:20.000Z' },
  ]);
  expect(probe.errors).toEqual([]);
});

test('the size of the records is told from what stands in them where both would fit', () => {
  // 9600 is the least common multiple of both.
  const many = Array.from({ length: 25 }, () => logins[2]!);
  expect(parseUtmp(Buffer.concat(many.map((entry) => record(entry, 384))))).toHaveLength(25);
  expect(parseUtmp(Buffer.concat(many.slice(0, 24).map((entry) => record(entry, 400))))).toHaveLength(24);
});

test('who(1) reads the same logins from the same file', (context) => {
  // who reads the layout of its own machine.
  const size = process.arch === 'x64' ? 384 : 400;
  const folder = mkdtempSync(join(tmpdir(), 'users-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const bytes = Buffer.concat(logins.map((entry) => record(entry, size)));
  writeFileSync(join(folder, 'utmp'), bytes);
  const lines = askPeer(context, 'who', [join(folder, 'utmp')])
    .trimEnd()
    .split('\n');
  const theirs = lines.map((line) => line.split(/\s+/));
  const ours = parseUtmp(bytes).map(({ session }) => [session.user, session.terminal, session.from]);
  expect(ours).toEqual(theirs.map((words) => [words[0], words[1], words.at(-1)?.slice(1, -1)]));
});

test('the session of a process that was killed is left out', () => {
  expect(usersSection(machineWithUtmp(logins, [1, 1400]))).toMatchObject([{ terminal: 'tty2' }]);
});

test('where /proc hides the processes of others, nobody is taken for dead', () => {
  expect(usersSection(machineWithUtmp(logins, [4711]))).toHaveLength(2);
});

test('what the other side calls itself cannot steer the terminal', () => {
  const hostile = { pid: 1, line: 'pts/0', user: 'a\nb', host: '\u001b]0;x\u0007', seconds: 1 };
  expect(usersSection(machineWithUtmp([hostile], [1]))).toMatchObject([{ user: 'a\\nb', from: '\\x1b]0;x\\x07' }]);
});

test.each([
  ['is cut', Buffer.alloc(383)],
  ['holds text', Buffer.from('x'.repeat(384))],
  ['has a type that does not exist', record({ type: 77 })],
])('a utmp that %s is an error', (_, bytes) => {
  const probe = fakeMachine({ '/run/x': '' });
  writeFileSync(join(probe.root, 'run/utmp'), bytes);
  expect(usersSection(probe)).toBeUndefined();
  expect(probe.errors).toMatchObject([{ section: 'users', code: 'parse', subject: '/run/utmp' }]);
});

test('a utmp that cannot be read is an error', () => {
  const probe = fakeMachine({ '/run/utmp/x': '' });
  expect(usersSection(probe)).toBeUndefined();
  expect(probe.errors).toMatchObject([{ section: 'users', subject: '/run/utmp' }]);
});

function ofUsers(entries: { section: string }[]): { section: string }[] {
  return entries.filter(({ section }) => section === 'users');
}

test.each(readdirSync(cases))('the sessions of %s are those of logind', (name) => {
  const expected = JSON.parse(readFileSync(join(cases, name, 'expected.json'), 'utf8'));
  const probe = createProbe(join(cases, name));
  expect(usersSection(probe)).toEqual(expected.users);
  expect(probe.errors).toMatchObject(ofUsers(expected.errors));
  expect(probe.unavailable).toEqual(ofUsers(expected.unavailable));
});

test('an empty utmp, which nobody keeps, gives way to the sessions of logind, and their FIFOs are not read', () => {
  const session = 'USER=ada\nCLASS=user-early\nSTATE=active\nTTY=tty1\nREALTIME=1767323045000000\n';
  const probe = fakeMachine({ '/run/utmp': '', '/run/systemd/sessions/c1': session });
  execFileSync('mkfifo', [join(probe.root, 'run/systemd/sessions/c1.ref')]);
  expect(usersSection(probe)).toEqual([{ user: 'ada', terminal: 'tty1', since: '2026-01-02T03:04:05.000Z' }]);
});
