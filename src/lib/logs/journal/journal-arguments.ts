import { UserError } from '../../errors/user-error.ts';
import { printable } from '../../text/printable.ts';
import { levels } from '../fields/level.ts';
import type { Level } from '../fields/level.ts';
import { timeOfCursor } from './journal-cursor.ts';
import { microsecondsFrom } from './microseconds.ts';

/** What to read of the journal of systemd. */
export interface JournalRequest {
  /** Names or patterns (`nginx`, `nginx.service`, `app@*`) of which any may be; none: everything. */
  units: readonly string[];
  /** Unix time of the first entry, included. */
  sinceSeconds?: number | undefined;
  /** Unix time, not included. Not looked at with `follow`, which journalctl refuses to limit: end it by its signal. */
  untilSeconds?: number | undefined;
  /**
   * By the priority that each entry was logged with, which its line does not show; so nobody can look at it later.
   * Exact for any set, but for `trace`, which syslog calls `debug`. Entries without a priority are left out.
   */
  levels?: ReadonlySet<Level> | undefined;
  /** Goes on with what is logged from now on. */
  follow: boolean;
  /** A cursor of `JournalEnd`: only what comes behind it. */
  afterCursor?: string | undefined;
  /** In which times are shown: an IANA name, `UTC` or an offset such as `+02:00`. Without it that of the environment. */
  zoneName?: string | undefined;
  /**
   * Only the last ones; 0 for what `follow` adds, or for the cursor alone. Without it all. Not looked at beside
   * `untilSeconds`, where journalctl 252 shows none at all.
   */
  lines?: number | undefined;
  /** A folder with journal files, such as a copy of /var/log/journal, in the place of this machine's journal. */
  directory?: string | undefined;
}

/** systemd's own limit (UNIT_NAME_MAX). */
const longestUnit = 255;

/**
 * The arguments of journalctl(1) for a request: times with microseconds and an offset, messages whole and as they are.
 * Its hints are not switched off, since one of them says that entries are missing. Throws a UserError (usage) for what
 * is no name of a unit, and (failed) for what is no cursor.
 */
export function journalArguments(request: JournalRequest): string[] {
  // Without --all, messages with colours or other control characters would be `[98B blob data]`.
  const args = ['--no-pager', '--all', '--output=short-iso-precise', '--show-cursor'];
  if (request.directory !== undefined) args.push(`--directory=${request.directory}`);
  args.push(...request.units.map((unit) => `--unit=${checkUnit(unit)}`));
  args.push(...windowArguments(request));
  if (request.follow) args.push('--follow');
  const hasEnd = !request.follow && Number.isFinite(request.untilSeconds);
  if (request.lines !== undefined && !hasEnd) args.push(`--lines=${request.lines}`);
  else if (request.follow) args.push('--no-tail');
  // Fields of one name are alternatives to journalctl, and --priority takes nothing but a range.
  return [...args, ...prioritiesOf(request.levels).map((priority) => `PRIORITY=${priority}`)];
}

/**
 * The arguments for the last entry of what a request is for. Where `untilSeconds` ends a search, journalctl tells the
 * cursor of the entry behind it, at which it stopped.
 */
export function lastEntryArguments(request: JournalRequest): string[] {
  const wanted = { ...request, sinceSeconds: undefined, afterCursor: undefined, lines: undefined, follow: false };
  return ['--reverse', '--lines=1', ...journalArguments(wanted)];
}

/** Whether no entry can be in the window of a request; journalctl calls that an error. */
export function isEmptyWindow({ sinceSeconds = 0, untilSeconds = Infinity, follow }: JournalRequest): boolean {
  return !follow && microsecondsFrom(untilSeconds) <= Math.max(0, microsecondsFrom(sinceSeconds));
}

/** journalctl takes only one of --since and --after-cursor: the later of the two says what the other does. */
function windowArguments({ sinceSeconds, untilSeconds, follow, afterCursor }: JournalRequest): string[] {
  const args: string[] = [];
  const since = sinceSeconds === undefined ? 0 : microsecondsFrom(sinceSeconds);
  if (afterCursor !== undefined && timeOfCursor(afterCursor) >= since) args.push(`--after-cursor=${afterCursor}`);
  else if (since > 0) args.push(`--since=${timestamp(since)}`);
  // Its --until is inclusive, and the journal knows no time between two microseconds.
  const until = untilSeconds === undefined ? Infinity : microsecondsFrom(untilSeconds) - 1;
  if (!follow && Number.isFinite(until)) args.push(`--until=${timestamp(Math.max(0, until))}`);
  return args;
}

/** systemd.time(7): seconds since 1970 behind an `@`. */
function timestamp(microseconds: number): string {
  const fraction = String(microseconds % 1e6).padStart(6, '0');
  return `@${Math.floor(microseconds / 1e6)}.${fraction}`;
}

function checkUnit(unit: string): string {
  const reason = reasonAgainst(unit);
  if (reason === undefined) return unit;
  throw new UserError(`'${printable(unit.slice(0, 80))}' is not the name of a unit: ${reason}`, {
    code: 'usage',
    hints: ['write it as systemctl list-units does, such as nginx.service; nginx is short for it'],
  });
}

function reasonAgainst(unit: string): string | undefined {
  if (unit.trim() === '') return 'it is empty';
  if (Buffer.byteLength(unit) > longestUnit) return `it is longer than ${longestUnit} bytes`;
  if (printable(unit) !== unit || /\s/.test(unit)) return 'it has blanks or control characters';
  // These two are the root of the file system and of all slices.
  if (unit.startsWith('-') && unit !== '-.mount' && unit !== '-.slice') return 'it begins with a dash';
  return undefined;
}

/** The priorities of syslog, 0 emergency to 7 debug; none when it may be any. */
function prioritiesOf(wanted: ReadonlySet<Level> | undefined): number[] {
  if (wanted === undefined || levels.every((level) => wanted.has(level))) return [];
  const priorities = levels.filter((level) => wanted.has(level)).map((level) => Math.min(7, 8 - levels.indexOf(level)));
  // A set of nothing is no wish for everything.
  return priorities.length === 0 ? [-1] : [...new Set(priorities)].toSorted((one, other) => one - other);
}
