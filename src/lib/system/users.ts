import { existsSync, readFileSync, statSync } from 'node:fs';
import { printable } from '../text/printable.ts';
import { listOptional, noteError, readOptional } from './probe.ts';
import type { Probe } from './probe.ts';
import type { UserSession } from './report-workload.ts';

/** A session and the process that holds it. */
export interface Login {
  pid: number;
  session: UserSession;
}

/**
 * Who is logged in: from utmp(5), and where no such file is kept, from the sessions of systemd-logind. Undefined when
 * there is neither, or when it cannot be read.
 */
export function usersSection(probe: Probe): UserSession[] | undefined {
  for (const path of ['/run/utmp', '/var/run/utmp']) {
    try {
      // An empty one has not even the record of the boot: nobody keeps it.
      const size = statSync(probe.root + path, { throwIfNoEntry: false })?.size ?? 0;
      if (size > 0) return withoutDead(probe, parseUtmp(readFileSync(probe.root + path)));
    } catch (error) {
      noteError(probe, 'users', error, path);
      return undefined;
    }
  }
  return sessionsOfLogind(probe);
}

/**
 * Offsets of `struct utmp` in glibc. It has 32-bit times on x86 and all who were to be compatible with their 32-bit
 * selves, 64-bit ones on arm64, riscv64 and loongarch64 (__WORDSIZE_TIME64_COMPAT32).
 */
const layouts = [
  { size: 384, seconds: 340, wide: false },
  { size: 400, seconds: 344, wide: true },
];

/** The logins of a utmp file, dead ones included. Throws SyntaxError for what is no such file. Exported for tests. */
export function parseUtmp(bytes: Buffer): Login[] {
  const layout = layouts.find(({ size }) => {
    const starts = Array.from({ length: bytes.length / size }, (_, index) => index * size);
    // ut_type is a small number in two bytes, and two bytes of padding follow.
    return bytes.length % size === 0 && starts.every((start) => bytes.readUInt32LE(start) <= 9);
  });
  if (layout === undefined) throw new SyntaxError('not a utmp file of a known layout');
  const logins: Login[] = [];
  for (let start = 0; start < bytes.length; start += layout.size) {
    const record = bytes.subarray(start, start + layout.size);
    const login = parseRecord(record, layout.wide ? record.readBigInt64LE(layout.seconds) : record.readUInt32LE(340));
    if (login !== undefined) logins.push(login);
  }
  return logins;
}

function parseRecord(record: Buffer, seconds: number | bigint): Login | undefined {
  const userProcess = 7;
  const user = text(record, 44, 32);
  if (record.readUInt16LE(0) !== userProcess || user === '') return undefined;
  const session: UserSession = { user, terminal: text(record, 8, 32), since: timeOf(Number(seconds) * 1000) };
  const from = text(record, 76, 256);
  if (from !== '') session.from = from;
  return { pid: record.readInt32LE(4), session };
}

/** A field that ends at its first NUL, or is full. The host is what the other side's DNS says, so anything. */
function text(record: Buffer, start: number, length: number): string {
  const field = record.subarray(start, start + length);
  const end = field.indexOf(0);
  return printable(field.subarray(0, end === -1 ? length : end).toString());
}

function timeOf(milliseconds: number): string {
  const time = new Date(milliseconds);
  if (Number.isNaN(time.getTime())) throw new SyntaxError('a login has an impossible time');
  return time.toISOString();
}

/** A session whose process was killed leaves its record behind. */
function withoutDead(probe: Probe, logins: readonly Login[]): UserSession[] {
  // Where /proc hides the processes of others (hidepid), process 1 is hidden too, and nobody can be told dead.
  const canTell = existsSync(`${probe.root}/proc/1`);
  return logins.filter(({ pid }) => !canTell || existsSync(`${probe.root}/proc/${pid}`)).map(({ session }) => session);
}

/** One file for each session, which systemd-logind writes and sd_session_get_user(3) and its family read. */
function sessionsOfLogind(probe: Probe): UserSession[] | undefined {
  const folder = '/run/systemd/sessions';
  let names: string[];
  try {
    // Beside each file may stand a FIFO `ID.ref`, and to read that is to wait.
    names = listOptional(probe, folder).filter((name) => /^[A-Za-z0-9]+$/.test(name));
  } catch (error) {
    noteError(probe, 'users', error, folder);
    return undefined;
  }
  if (names.length === 0 && !existsSync(`${probe.root}/run/systemd/system`)) {
    probe.unavailable.push({ section: 'users', reason: 'this machine keeps neither utmp nor sessions of logind' });
    return undefined;
  }
  return names.flatMap((name) => {
    const path = `${folder}/${name}`;
    try {
      // Absent: the session ended a moment ago.
      const session = parseSession(readOptional(probe, path) ?? '');
      return session === undefined ? [] : [session];
    } catch (error) {
      noteError(probe, 'users', error, path);
      return [];
    }
  });
}

/** Undefined for what is no login at a terminal: greeters, cron, `ssh HOST COMMAND`, sessions that are ending. */
function parseSession(content: string): UserSession | undefined {
  const fields = new Map(
    content.split('\n').flatMap((line): [string, string][] => {
      const equals = line.indexOf('=');
      return equals <= 0 ? [] : [[line.slice(0, equals), line.slice(equals + 1)]];
    }),
  );
  const terminal = fields.get('TTY') ?? fields.get('DISPLAY');
  const user = fields.get('USER');
  const isLogin = fields.get('CLASS')?.startsWith('user') === true && fields.get('STATE') !== 'closing';
  if (!isLogin || user === undefined || terminal === undefined) return undefined;
  // REALTIME is in microseconds.
  const since = timeOf(Math.floor(Number(fields.get('REALTIME')) / 1000));
  const session: UserSession = { user: printable(user), terminal: printable(terminal), since };
  const from = fields.get('REMOTE_HOST');
  if (from !== undefined) session.from = printable(from);
  return session;
}
