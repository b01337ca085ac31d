import type { BenchRequest } from '../../harness.ts';
import { environment } from '../../harness.ts';
import { versionLine } from '../../programs.ts';
import type { Section } from '../../ssl-expiry/sections.ts';
import { comparisonSection } from '../comparison-section.ts';
import { measureComparison } from '../measure-comparison.ts';
import type { Rig } from '../rig.ts';

/** Runs are short here, and the bar is on a difference of milliseconds. */
const leastRuns = 15;

/** A cron run that finds nothing new: the warm-up run makes the state, the measured ones read it. */
export async function idlePart(rig: Rig, request: BenchRequest, runs: number): Promise<Section[]> {
  const ours = async (name: string, size: string, bytes: number) => {
    const file = await rig.files.sparse(name, bytes);
    // Without a new line there is no match, which is grep's exit 1.
    return rig.devops(`--state ${name} ERROR, ${size}`, ['--state', name, 'ERROR', file], { exitCodes: [1] });
  };
  const contenders = [
    await ours('idle-large', '10 GiB', 10 * 2 ** 30),
    {
      ...(await ours('idle-small', '1 MiB', 2 ** 20)),
      bars: [{ figure: 'wall' as const, atMostMore: 0.005 }],
    },
    {
      name: 'node -e 0',
      argv: [rig.node, '-e', '0'],
      version: `Node ${versionLine([rig.node, '--version'], environment)}`,
      bars: [{ figure: 'wall' as const, atMostMore: 0.02 }],
    },
  ];
  const title = 'cursor run with nothing new';
  const measured = await measureComparison({ title, contenders }, Math.max(runs, leastRuns), rig, request);
  const facts = [`${Math.max(runs, leastRuns)} rounds; the 10 GiB are a hole between lines at both ends`];
  return [comparisonSection(title, facts, [measured])];
}
