import type { BenchRequest } from '../../harness.ts';
import type { Section } from '../../ssl-expiry/sections.ts';
import { printedCount, sameBytes } from '../answers.ts';
import type { Comparison } from '../comparison.ts';
import { comparisonSection } from '../comparison-section.ts';
import { needle } from '../data/write-day.ts';
import { measureComparison, type Measured } from '../measure-comparison.ts';
import { grep } from '../peers.ts';
import type { Rig } from '../rig.ts';

interface Search {
  options: readonly string[];
  pattern: string;
  file: 'app.log' | 'access.log';
  /** How many times the CPU of grep it may cost. */
  atMost: number;
}

const searches: readonly Search[] = [
  { options: [], pattern: needle, file: 'app.log', atMost: 1.2 },
  { options: [], pattern: 'ERROR|FATAL|panic', file: 'app.log', atMost: 1.2 },
  { options: ['-i'], pattern: 'fatal|outofmemory', file: 'app.log', atMost: 1.2 },
  { options: ['-c'], pattern: '" 5[0-9]{2} [0-9]+ ', file: 'access.log', atMost: 1.2 },
  { options: ['-c'], pattern: '[a-f]{5}[0-9]{7}[a-f]{2}', file: 'app.log', atMost: 2 },
  { options: ['-c'], pattern: 'INFO', file: 'app.log', atMost: 1.2 },
  { options: [], pattern: 'WARN', file: 'app.log', atMost: 1.2 },
];

/** Where there is no ripgrep: the own engine beside GNU grep. */
export async function enginePart(rig: Rig, request: BenchRequest, runs: number): Promise<Section[]> {
  const comparisons: Measured[][] = [];
  for (const { options, pattern, file, atMost } of searches) {
    const words = [...options, `'${pattern}'`, file].join(' ');
    const path = await rig.files.plain(file);
    const answers = options.includes('-c') ? printedCount : sameBytes;
    const comparison: Comparison = {
      title: `own engine, ${words}`,
      contenders: [
        rig.devops(`--engine devops ${words}`, ['--engine', 'devops', ...options, pattern, path], { answers }),
        grep(`-E ${words}`, ['-E', ...options, '-e', pattern, path], { answers, bars: [{ figure: 'CPU', atMost }] }),
      ],
    };
    comparisons.push(await measureComparison(comparison, runs, rig, request));
  }
  return [comparisonSection('without ripgrep, beside GNU grep with LC_ALL=C', [], comparisons)];
}
