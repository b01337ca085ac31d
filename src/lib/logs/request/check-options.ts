import { UserError } from '../../errors/user-error.ts';
import { judges, kindOf, type LogsGrepOptions } from './grep-options.ts';

type Name = keyof LogsGrepOptions;

/** Option names of which both together would leave open what is meant. */
const contradictions: readonly (readonly [Name, Name])[] = [
  ['top', 'histogram'],
  ['follow', 'top'],
  ['follow', 'histogram'],
  ['follow', 'state'],
  ['follow', 'until'],
  ['follow', 'around'],
  ['follow', 'count'],
  ['follow', 'filesWithMatches'],
  ['follow', 'filesWithoutMatch'],
  ['follow', 'rotated'],
  ['rules', 'regexp'],
  ['rules', 'file'],
  ['around', 'since'],
  ['around', 'until'],
  ['filesWithMatches', 'filesWithoutMatch'],
  ['journal', 'rotated'],
  ['journal', 'timeFormat'],
];

/** Throws a UserError for options that say nothing together. */
export function checkOptions(options: LogsGrepOptions, judging: boolean): void {
  if (options.perlRegexp === true) {
    throw usage("-P is not known: patterns here are searched in linear time, and Perl's cannot be", [
      'leave -P out: \\d \\w \\s \\b, {n,m}, lazy counts and groups are known; look-around and back-references are not',
    ]);
  }
  for (const [one, other] of contradictions) {
    if (isGiven(options[one]) && isGiven(options[other])) {
      throw usage(`${flagOf(one)} and ${flagOf(other)} cannot be used together`);
    }
  }
  if (options.follow === true && judges(options, judging)) {
    throw usage('--follow never ends, and an alert is told at the end', [
      'look at what is new from cron: --alert --state NAME',
    ]);
  }
  if (options.within !== undefined && options.around === undefined) throw usage('--within belongs to --around');
  if (options.fromStart === true && options.state === undefined) throw usage('--from-start belongs to --state');
  if (judges(options, judging) && ['template', 'bucket'].includes(kindOf(options, judging))) {
    const counted = options.top === undefined ? '--histogram' : '--top';
    throw usage(`${counted} counts lines and judges none: it does not go with an alert, a report or verdicts`, [
      `leave ${counted} out, or run it by itself`,
    ]);
  }
}

/** What lines are like and how they are printed says nothing where rules have patterns and results of their own. */
const notOfRules: readonly Name[] = [
  'ignoreCase',
  'invertMatch',
  'wordRegexp',
  'lineRegexp',
  'fixedStrings',
  'threshold',
  'count',
  'filesWithMatches',
  'filesWithoutMatch',
  'onlyMatching',
  'lineNumber',
  'maxCount',
  'afterContext',
  'beforeContext',
  'context',
];

/** Throws a UserError for options that rules would have to pass over in silence. */
export function checkRuleOptions(options: LogsGrepOptions): void {
  const name = notOfRules.find((each) => isGiven(options[each]));
  if (name === undefined) return;
  const hints: Partial<Record<Name, string>> = {
    onlyMatching: 'of -o and --output the second chooses the format: --output nagios',
    threshold: 'write it into the rule: threshold: 10/5m',
    ignoreCase: "write it into the pattern: match: '(?i)error'",
    invertMatch: "write it into the rule: not: 'pattern'",
  };
  throw usage(`${flagOf(name)} says nothing about rules, which have their own patterns and results`, [
    hints[name] ?? `leave ${flagOf(name)} out, or give a PATTERN in the place of the rules`,
  ]);
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}

function flagOf(name: Name): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function usage(message: string, hints: readonly string[] = []): UserError {
  return new UserError(message, { code: 'usage', hints: [...hints, 'devops logs-grep --help shows how it is called'] });
}
