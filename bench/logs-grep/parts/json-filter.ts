import type { BenchRequest } from '../../harness.ts';
import type { Section } from '../../ssl-expiry/sections.ts';
import { comparisonSection } from '../comparison-section.ts';
import { measureComparison } from '../measure-comparison.ts';
import { peer } from '../peers.ts';
import type { Rig } from '../rig.ts';

/** A condition on two fields of a log of JSON lines. jq prints such a line as it was: it is as compact as jq writes it. */
export async function jsonPart(rig: Rig, request: BenchRequest, runs: number): Promise<Section[]> {
  const file = await rig.files.plain('json.log');
  const where = 'level=="error" && duration_ms>1000';
  const filter = 'select(.level=="error" and .duration_ms>1000)';
  const contenders = [
    rig.devops(`--where '${where}' json.log`, ['--where', where, file]),
    peer('jq', 'apt-get install jq', `-c '${filter}' json.log`, ['-c', filter, file], {
      bars: [{ figure: 'wall', atLeast: 10 }],
    }),
  ];
  const measured = await measureComparison({ title: 'JSON filter', contenders }, runs, rig, request);
  return [comparisonSection('JSON filter, json.log', [], [measured])];
}
