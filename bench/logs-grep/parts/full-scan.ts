import type { BenchRequest } from '../../harness.ts';
import type { Section } from '../../ssl-expiry/sections.ts';
import type { Bar } from '../comparison.ts';
import { comparisonSection } from '../comparison-section.ts';
import { needle } from '../data/write-day.ts';
import { measureComparison } from '../measure-comparison.ts';
import { ripgrep } from '../peers.ts';
import type { Rig } from '../rig.ts';

/** One search and what it may cost over that of ripgrep alone. */
interface Search {
  title: string;
  pattern: string;
  file: string;
  bar: Bar;
}

/** A whole large log for a rare literal: what is added to the ripgrep that does the work. */
export async function scanPart(rig: Rig, request: BenchRequest, runs: number): Promise<Section[]> {
  const title = 'full scan for a rare literal, large app.log, warm';
  const file = await rig.files.plain('app-large.log');
  const search: Search = { title, pattern: needle, file, bar: { figure: 'wall', atMost: 1.25 } };
  return [await besideRipgrep(search, rig, request, runs)];
}

/** Half a million lines and more found and printed. */
export async function printPart(rig: Rig, request: BenchRequest, runs: number): Promise<Section[]> {
  const title = 'printing every WARN line of app.log';
  const file = await rig.files.plain('app.log');
  const search: Search = { title, pattern: 'WARN', file, bar: { figure: 'CPU', atMost: 1.3 } };
  return [await besideRipgrep(search, rig, request, runs)];
}

async function besideRipgrep(search: Search, rig: Rig, request: BenchRequest, runs: number): Promise<Section> {
  const { title, pattern, file, bar } = search;
  const contenders = [rig.devops(pattern, [pattern, file]), ripgrep(pattern, [pattern, file], { bars: [bar] })];
  return comparisonSection(title, [], [await measureComparison({ title, contenders }, runs, rig, request)]);
}
