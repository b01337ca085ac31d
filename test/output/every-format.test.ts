import { load } from 'js-yaml';
import { parse as parseCsv } from 'csv-parse/sync';
import { parse as parseJunit } from 'junit2json';
import { expect, test } from 'vitest';
import { hostileNames } from '../support/invented/record-commands.ts';
import { parsePluginOutput } from '../support/nagios-grammar.ts';
import { parseExposition } from '../support/exposition-grammar.ts';
import { readMarkdown } from '../support/read-markdown.ts';
import { runDevops, type RunResult } from '../support/run-devops.ts';

/** What every format is asked: is it well formed, and what is in it? */
interface Reading {
  /** Names of the records, where the format carries records. */
  subjects?: string[];
  /** How many judgements it tells of, where it carries judgements. */
  judgements?: number;
}

interface Item {
  subject: string;
}

const readings: Record<string, (result: RunResult, isQuiet: boolean) => Reading | Promise<Reading>> = {
  text: ({ stdout }, isQuiet) => {
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E]/);
    // With -q a row is told in the words of its findings.
    const row = isQuiet ? /^(?:warning|critical|unknown): [^\t]*$/ : /^(?:[^\t]*\t){2}[^\t]*$/;
    for (const line of lines(stdout)) expect(line).toMatch(row);
    return {};
  },
  json: ({ stdout }) => subjects(stdout === '' ? [] : (JSON.parse(stdout) as Item[])),
  jsonl: ({ stdout }) => subjects(lines(stdout).map((line) => JSON.parse(line) as Item)),
  yaml: ({ stdout }) => subjects(stdout === '' ? [] : (load(stdout) as Item[])),
  csv: ({ stdout }) => subjects(parseCsv(stdout, { columns: true, record_delimiter: '\n', relax_column_count: false })),
  junit: async ({ stdout }) => {
    const suites = await parseJunit(stdout);
    if (suites === null || suites === undefined || !('testsuite' in suites)) throw new Error('no test suites');
    const suite = suites.testsuite?.[0];
    const cases = suite?.testcase ?? [];
    expect(suite?.tests).toBe(cases.length);
    expect(suite?.failures).toBe(cases.filter(({ failure }) => failure !== undefined).length);
    expect(suite?.errors).toBe(cases.filter(({ error }) => error !== undefined).length);
    return { judgements: cases.length };
  },
  github: ({ stderr }) => {
    const annotations = lines(stderr).filter((line) => !line.startsWith('devops: '));
    for (const line of annotations) expect(line).toMatch(/^::(error|warning) title=[^:,]+::.+$/);
    return {};
  },
  markdown: async ({ stdout }) => {
    const { cells, rest } = await readMarkdown(stdout);
    expect(rest).toEqual([]);
    for (const row of cells) expect(row).toHaveLength(3);
    return { judgements: cells.length };
  },
  nagios: ({ stdout }) => {
    parsePluginOutput(stdout);
    return {};
  },
  prometheus: ({ stdout }) => ({ subjects: parseExposition(stdout).map(({ labels }) => labels['subject']!) }),
  names: () => ({}),
};

const formats = Object.keys(readings);
const wellFormed = hostileNames.map((name) => name.toWellFormed());
/** Formats whose bytes are those of the text itself, and UTF-8 has no lone surrogates. */
const plain = new Set(['csv', 'prometheus']);

const read = async (line: string, format: string) => {
  const result = await runDevops(`${line} -o ${format}`);
  return { ...result, ...(await readings[format]!(result, line.endsWith(' -q'))) };
};

test.each(formats)('%s of nothing is well formed and empty', async (format) => {
  const { subjects: names, judgements } = await read('many', format);
  expect(names ?? []).toEqual([]);
  expect(judgements ?? 1).toBe(1);
});

test.each(formats)('%s of one and of many is well formed and complete', async (format) => {
  expect((await read('many ok', format)).subjects ?? ['a']).toEqual(['a']);
  const many = await read('many ok warning critical unknown', format);
  expect(many.code).toBe(2);
  expect(many.subjects ?? ['a', 'b', 'c', 'd']).toEqual(['a', 'b', 'c', 'd']);
  expect(many.judgements ?? 4).toBe(4);
});

test.each(formats)('%s brings hostile names through as they are, or as close as it can write them', async (format) => {
  const { subjects: names, judgements } = await read('hostile', format);
  if (names !== undefined) expect(names).toEqual(plain.has(format) ? wellFormed : hostileNames);
  expect(judgements ?? hostileNames.length).toBe(hostileNames.length);
});

test.each(formats)('%s tells of failed items, or stderr does, and stays well formed', async (format) => {
  const one = await read('failing', format);
  expect(one.code).toBe(format === 'nagios' ? 3 : 2);
  expect(readable(one)).toContain('no route to postgres://me:[redacted]@db/x');
  if (one.subjects !== undefined) {
    const shown = ['json', 'jsonl', 'yaml'].includes(format) ? ['a', 'b', 'c', 'd'] : ['a', 'c', 'd'];
    expect(one.subjects).toEqual(shown);
  }
  const all = await read('hostile --fail', format);
  expect(all.code).toBe(format === 'nagios' ? 3 : 2);
  expect(all.judgements ?? hostileNames.length).toBe(hostileNames.length);
});

test.each(formats)('%s is well formed when the run ends in a failure', async (format) => {
  const result = await read('breaks expected', format);
  expect(result.code).toBe(2);
  expect(result.subjects ?? ['a', 'b']).toEqual(['a', 'b']);
  expect(result.judgements ?? 3).toBe(3);
  expect(readable(result)).toContain('lost postgres://me:[redacted]@db/x');
});

test.each(formats)('%s is well formed with -q', async (format) => {
  for (const line of ['many -q', 'many ok -q', 'many ok warning -q', 'hostile -q']) {
    await expect(read(line, format)).resolves.toHaveProperty('code');
  }
});

/** What Markdown has escaped so that it is no link reads as itself. */
function readable({ stdout, stderr }: RunResult): string {
  return (stdout + stderr)
    .replaceAll('&#58;', ':')
    .replaceAll('&#8203;', '')
    .replaceAll(String.raw`\[`, '[');
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function subjects(items: readonly Item[]): Reading {
  return { subjects: items.map(({ subject }) => subject) };
}
