import { stripVTControlCharacters } from 'node:util';
import { median } from '../median.ts';
import { figure, type Section } from '../ssl-expiry/sections.ts';
import type { Answers } from './answers.ts';
import type { Bar } from './comparison.ts';
import type { Measured } from './measure-comparison.ts';

const header = ['command', 'CPU s', 'ratio', 'min..max', 'wall s', 'ratio', 'min..max', 'found', 'bar'];

/** The section of a part: the commands of each comparison one below the other, ratios to the devops on top of them. */
export function comparisonSection(
  title: string,
  facts: readonly string[],
  comparisons: readonly Measured[][],
): Section {
  const all = comparisons.flat();
  return {
    title,
    facts,
    header,
    rows: comparisons.flatMap((measured) => measured.map((one) => [one.contender.name, ...cells(one, measured[0]!)])),
    notes: [...versions(all), ...failures(all)],
    failed: all.some((one) => 'failed' in one),
  };
}

/** The cells after the name: one sentence when there are no figures. */
function cells(one: Measured, base: Measured): string[] {
  if ('failed' in one) return [`FAILED: ${one.failed}`];
  if (!('cpuSeconds' in one)) return [`missing: ${one.contender.missing}`];
  const from = 'cpuSeconds' in base ? base : undefined;
  return [
    figure(median(one.cpuSeconds), 3),
    ...ratios(one.cpuSeconds, from?.cpuSeconds),
    figure(median(one.wallSeconds), 3),
    ...ratios(one.wallSeconds, from?.wallSeconds),
    found(one.answers),
    (one.contender.bars ?? []).map((bar) => verdict(bar, one, from)).join('; ') || '-',
  ];
}

/** Median and spread, both over the median of devops. */
function ratios(own: readonly number[], base: readonly number[] | undefined): [string, string] {
  if (base === undefined) return ['-', '-'];
  const ratio = (value: number) => figure(value / median(base));
  return [ratio(median(own)), `${ratio(Math.min(...own))}..${ratio(Math.max(...own))}`];
}

function found({ lines, counted }: Answers): string {
  return lines === undefined ? `${counted ?? '?'} counted` : `${lines} lines`;
}

type Figures = Extract<Measured, { cpuSeconds: number[] }>;

function verdict(bar: Bar, peer: Figures, base: Figures | undefined): string {
  const of = (figures: Figures) => median(bar.figure === 'CPU' ? figures.cpuSeconds : figures.wallSeconds);
  const theirs = of(peer);
  const ours = base === undefined ? Number.NaN : of(base);
  if ('atLeast' in bar) return sentence(bar.figure, `>= ${bar.atLeast}x`, theirs / ours, theirs / ours >= bar.atLeast);
  if ('atMost' in bar)
    return sentence(bar.figure, `costs <= ${bar.atMost}x`, ours / theirs, ours / theirs <= bar.atMost);
  const more = ours - theirs;
  return sentence(bar.figure, `<= ${bar.atMostMore * 1000} ms more`, more * 1000, more <= bar.atMostMore);
}

function sentence(name: string, limit: string, value: number, met: boolean): string {
  if (Number.isNaN(value)) return `${name} ${limit}: -`;
  return `${name} ${limit}: ${value.toFixed(2)} ${met ? 'met' : 'MISSED'}`;
}

function versions(all: readonly Measured[]): string[] {
  const told = all.flatMap(({ contender }) => ('version' in contender ? [contender.version] : []));
  return [`versions: ${[...new Set(told)].join('; ')}`];
}

function failures(all: readonly Measured[]): string[] {
  return all.flatMap((one) => {
    if (!('failed' in one)) return [];
    const text = stripVTControlCharacters(one.stderr).trim() || 'nothing';
    return [`stderr of ${one.contender.name}: ${text.split('\n').slice(0, 5).join(' / ')}`];
  });
}
