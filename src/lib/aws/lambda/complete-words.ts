import { UserError } from '../../errors/user-error.ts';
import { parseDuration } from '../../quantity/duration.ts';
import type { LambdaRequest } from './read-event.ts';

/** Seconds before the end of the function's time at which waiting stops, and what was not seen is told. */
const reportSeconds = 20;
/** Seconds before the end at which the run is stopped, whatever it does. */
const lastSeconds = 5;
/** Below this there would be nothing left to work in. */
const leastSeconds = 30;
const usualWaitSeconds = 900;

/**
 * The command line of a request as the function runs it: nobody can be asked, the records are lines of JSON, the moment
 * at which the event was due goes along, and the clocks end before Lambda ends the function, which could report nothing.
 *
 * `remainingSeconds` is what context.getRemainingTimeInMillis() says. Throws a UserError where that is too little.
 */
export function completeWords({ argv, scheduledAt }: LambdaRequest, remainingSeconds: number): readonly string[] {
  if (remainingSeconds < leastSeconds) {
    throw new UserError(`the function has ${Math.floor(remainingSeconds)}s left, which is too little to report in`, {
      code: 'config',
      hints: ['set the timeout of the function to 900 seconds'],
    });
  }
  const dashes = argv.indexOf('--');
  const head = dashes === -1 ? [...argv] : argv.slice(0, dashes);
  const behind = dashes === -1 ? [] : argv.slice(dashes);
  const added = ['--no-input', ...clock(head, '--timeout', Infinity, remainingSeconds - lastSeconds)];
  if (!head.some((word) => /^(?:-o|--output|--json$)/.test(word))) added.push('--output=jsonl');
  if (argv[0] !== 'asg-ips') {
    added.push('--yes', ...clock(head, '--wait-timeout', usualWaitSeconds, remainingSeconds - reportSeconds));
    if (scheduledAt !== undefined && valueOf(head, '--scheduled-at') === undefined) {
      added.push(`--scheduled-at=${scheduledAt}`);
    }
  }
  return [...head, ...added, ...behind];
}

/** Behind what was typed, because of an option that comes twice the last one counts. */
function clock(words: readonly string[], option: string, usual: number, most: number): string[] {
  const typed = valueOf(words, option);
  const wanted = typed === undefined ? usual : parseDuration(typed);
  // A clock of 0 is a usage error of the command, which says so itself.
  if (wanted <= most && typed !== undefined) return [];
  return [`${option}=${Math.floor(Math.min(wanted, most))}s`];
}

function valueOf(words: readonly string[], option: string): string | undefined {
  const at = words.findLastIndex((word) => word === option || word.startsWith(`${option}=`));
  const word = words[at];
  return word === option ? words[at + 1] : word?.slice(option.length + 1);
}
