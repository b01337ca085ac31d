import { UserError } from '../../errors/user-error.ts';

// What a stopped instance or group carries with it until it is brought back. Public: older marks are read for ever, newer
// ones are left untouched.

/** Tag of an instance that devops has stopped. */
export const stoppedTag = 'devops:stopped';
/** Tag of an autoscaling group that devops has put to rest. */
export const groupTag = 'devops:asg';
/** Tag of what devops never stops, unless its value is false, no or 0. */
export const protectTag = 'devops:protect';

/** Of a tag value, https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html */
const longestValue = 256;
const longestBy = 120;

/** Who stopped an instance, and when. */
export interface StopMark {
  /** Unix time, whole seconds. */
  at: number;
  run: string;
  /** Name of the schedule, or `manual`. */
  by: string;
}

/** How a group was before it was put to rest. */
export type GroupMark = StopMark &
  (
    | {
        mode: 'suspend';
        /** Processes that were suspended before, as letters. */
        had: string;
      }
    | { mode: 'zero'; min: number; max: number; desired: number }
  );

/** `v1 at=2026-11-20T19:00:00Z run=20261120T190000Z-x7k2 by=weekend Europe/Berlin` */
export function formatStopMark(mark: StopMark): string {
  return checked(`v1 ${common(mark)}`);
}

/** `v1 suspend at= run= by= had=A`, `v1 zero at= run= by= min=1 max=4 desired=2`. */
export function formatGroupMark(mark: GroupMark): string {
  const was = mark.mode === 'suspend' ? `had=${mark.had}` : `min=${mark.min} max=${mark.max} desired=${mark.desired}`;
  return checked(`v1 ${mark.mode} ${common(mark)} ${was}`);
}

/** A text made of what every service allows in the value of a tag, for `by`. */
export function legalBy(text: string): string {
  return text.replace(/[^a-zA-Z0-9 +\-=._:/@]/g, '_').slice(0, longestBy);
}

const stopPattern = /^v1 at=(\S+) run=(\S+) by=(.+)$/;
const suspendPattern = /^v1 suspend at=(\S+) run=(\S+) by=(.+) had=([A-Za-z]*)$/;
const zeroPattern = /^v1 zero at=(\S+) run=(\S+) by=(.+) min=(\d{1,9}) max=(\d{1,9}) desired=(\d{1,9})$/;

/** Reads the value of `devops:stopped`. Throws a UserError that shows the value and the column of its mistake. */
export function parseStopMark(value: string): StopMark {
  const match = stopPattern.exec(value);
  if (match === null) throw unreadable(stoppedTag, value, ['v1', 'at=', 'run=', 'by=']);
  return { at: moment(stoppedTag, value, match[1]!), run: match[2]!, by: match[3]! };
}

/** Reads the value of `devops:asg`. Throws a UserError that shows the value and the column of its mistake. */
export function parseGroupMark(value: string): GroupMark {
  const suspend = suspendPattern.exec(value);
  if (suspend !== null) {
    const at = moment(groupTag, value, suspend[1]!);
    return { mode: 'suspend', at, run: suspend[2]!, by: suspend[3]!, had: suspend[4]! };
  }
  const zero = zeroPattern.exec(value);
  if (zero === null) {
    const words = value.startsWith('v1 zero ')
      ? ['v1', 'zero', 'at=', 'run=', 'by=', 'min=', 'max=', 'desired=']
      : ['v1', 'suspend', 'at=', 'run=', 'by=', 'had='];
    throw unreadable(groupTag, value, words);
  }
  const [, at, run, by, min, max, desired] = zero;
  return {
    mode: 'zero',
    at: moment(groupTag, value, at!),
    run: run!,
    by: by!,
    min: Number(min),
    max: Number(max),
    desired: Number(desired),
  };
}

/** A mark is valid as long as nobody has started the instance since. Both are Unix times. */
export function isValidMark(mark: StopMark, launchedAt: number): boolean {
  return mark.at >= Math.floor(launchedAt);
}

function common({ at, run, by }: StopMark): string {
  return `at=${isoSeconds(at)} run=${run} by=${legalBy(by)}`;
}

/** `2026-11-20T19:00:00Z` */
function isoSeconds(unixSeconds: number): string {
  return new Date(Math.floor(unixSeconds) * 1000).toISOString().replace('.000', '');
}

function checked(value: string): string {
  if (value.length <= longestValue) return value;
  throw new Error(`a mark of ${value.length} characters does not fit into a tag: ${value}`);
}

function moment(tag: string, value: string, text: string): number {
  const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(milliseconds)) return milliseconds / 1000;
  throw mistake(tag, value, value.indexOf('at=') + 4, `'${text}' is no time`);
}

/** The column is that of the first word that is not where it should be. */
function unreadable(tag: string, value: string, words: readonly string[]): UserError {
  const version = /^v(\d{1,9})(?: |$)/.exec(value)?.[1];
  if (version !== undefined && version !== '1') {
    return new UserError(`tag ${tag}: '${value}' was written by a newer devops`, {
      code: 'unsupported',
      hints: ['it is left as it is: use that version here too'],
    });
  }
  let at = 0;
  for (const word of words) {
    const next = at === 0 ? (value.startsWith(word) ? 0 : -1) : value.indexOf(` ${word}`, at - 1);
    if (next === -1) return mistake(tag, value, at + 1, `${word} is missing`);
    const end = next + word.length + (at === 0 ? 0 : 1);
    const space = value.indexOf(' ', end);
    at = space === -1 ? value.length + 1 : space + 1;
  }
  return mistake(tag, value, Math.min(at, value.length), 'this cannot be read');
}

function mistake(tag: string, value: string, column: number, what: string): UserError {
  return new UserError(`tag ${tag}, column ${column}: ${what} in '${value.slice(0, longestValue)}'`, {
    hints: [`remove the tag ${tag} by hand if nobody needs it`],
  });
}
