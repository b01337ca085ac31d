import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchRequest } from '../../harness.ts';
import type { Section } from '../../ssl-expiry/sections.ts';
import type { Answers } from '../answers.ts';
import type { Contender } from '../comparison.ts';
import { comparisonSection } from '../comparison-section.ts';
import { needle } from '../data/write-day.ts';
import { measureComparison } from '../measure-comparison.ts';
import { grep, ripgrep } from '../peers.ts';
import type { Rig } from '../rig.ts';

/** No line of app.log is of two of them, so that their counts add up to the lines that any of them finds. */
const rules: readonly (readonly [name: string, pattern: string])[] = [
  ['slow-query', 'slow query took [0-9]+ ms'],
  ['pool-exhausted', 'connection pool [a-z]+ exhausted'],
  ['retries', 'retry [0-9]+ of [0-9]+ for'],
  ['timeouts', 'timeout of [0-9]+ ms waiting'],
  ['failed-login', 'failed login for customer'],
  ['locked-out', 'locked out for'],
  ['disk-almost-full', 'disk /dev/sd[a-z][0-9] is 9[0-9]% full'],
  ['certificate-expires', 'certificate of partner [0-9]+ expires'],
  ['out-of-stock', 'is out of stock'],
  ['order-lost', 'could not be placed'],
  ['deadlock', 'deadlock found'],
  ['payment-declined', 'declined by the acquirer'],
  ['not-acknowledged', 'was not acknowledged by broker-[0-9]'],
  ['disk-full', 'No space left on device'],
  ['fatal', ' FATAL '],
  ['out-of-memory', 'OutOfMemoryError'],
  ['panic', 'panic in worker'],
  ['acquirer-unreachable', needle],
  ['refused', 'Connection refused'],
  ['reset', 'Connection reset by peer'],
  ['too-many-files', 'Too many open files'],
  ['segfault', 'segfault at [0-9a-f]+'],
  ['unknown-host', 'UnknownHostException|Name or service not known'],
  ['bad-gateway', 'upstream prematurely closed'],
  ['killed', 'Killed process [0-9]+'],
];

/** 25 named rules at once, beside one ripgrep that cannot tell which rule it was, and beside a grep for each. */
export async function rulesPart(rig: Rig, request: BenchRequest, runs: number): Promise<Section[]> {
  const file = await rig.files.plain('app.log');
  const yaml = join(rig.storage.output, 'rules.yaml');
  const list = join(rig.storage.output, 'patterns');
  writeFileSync(yaml, `rules:\n${rules.map(([name, pattern]) => ruleText(name, pattern)).join('')}`);
  writeFileSync(list, rules.map(([, pattern]) => `${pattern}\n`).join(''));
  const contenders = [
    rig.devops('--rules rules.yaml --json app.log', ['--rules', yaml, '--json', file], {
      // A rule fired.
      exitCodes: [1],
      answers: countsOfRecords,
    }),
    ripgrep('-f patterns app.log', ['-f', list, file], {
      answers: countOfLines,
      bars: [{ figure: 'CPU', atMost: 1.3 }],
    }),
    grepLoop(list, file),
  ];
  const measured = await measureComparison({ title: 'rules', contenders }, runs, rig, request);
  const facts = [
    `${rules.length} rules, 7 of which nothing matches; the counts of all rules are compared with those of grep -c`,
  ];
  return [comparisonSection('25 named rules, app.log', facts, [measured])];
}

function grepLoop(list: string, file: string): ReturnType<typeof grep> {
  const found = grep('', []);
  if ('missing' in found) return found;
  const script = 'while IFS= read -r pattern; do "$1" -c -E -e "$pattern" "$2"; done <"$3"; true';
  return {
    ...found,
    name: 'a shell loop of 25 grep -c -E',
    argv: ['/bin/bash', '-c', script, 'bench', ...found.argv, file, list],
    answers: countsOfLoop,
    bars: [{ figure: 'wall', atLeast: 5 }],
  } satisfies Contender;
}

/** The pattern in single quotes, in which YAML reads nothing but a doubled quote. */
function ruleText(name: string, pattern: string): string {
  return `  - name: ${name}\n    match: '${pattern.replaceAll("'", "''")}'\n    severity: warning\n`;
}

function countsOfRecords(output: string): Answers {
  const records = JSON.parse(readFileSync(output, 'utf8')) as { kind: string; subject: string; count: number }[];
  const counted = new Map(records.filter(({ kind }) => kind === 'rule').map(({ subject, count }) => [subject, count]));
  return answersOf(rules.map(([name]) => counted.get(name) ?? Number.NaN));
}

function countsOfLoop(output: string): Answers {
  return answersOf(readFileSync(output, 'utf8').trim().split('\n').map(Number));
}

function countOfLines(output: string): Answers {
  return { lines: String(readFileSync(output, 'latin1').split('\n').length - 1) };
}

function answersOf(counts: readonly number[]): Answers {
  return {
    lines: String(counts.reduce((sum, count) => sum + count, 0)),
    'by rule': rules.map(([name], index) => `${name} ${counts[index]}`).join(', '),
  };
}
