import type { InstanceRow } from '../instance-row.ts';
import { writeMarks } from './marks.ts';
import type { PowerRun } from './power-run.ts';
import { formatStopMark, parseStopMark, stoppedTag } from './remember.ts';

/**
 * A start that fell back counts as a start for AWS, and would make the mark a spent one: it is written anew, for the next
 * run to try again. Where that fails the record of the instance is an error already, and its log line tells.
 */
export async function renewMarks(rows: readonly InstanceRow[], run: PowerRun): Promise<void> {
  const byValue = new Map<string, string[]>();
  for (const { id, tags } of rows) {
    const value = renewed(tags.get(stoppedTag), run);
    if (value === undefined) continue;
    byValue.set(value, [...(byValue.get(value) ?? []), id]);
  }
  for (const [value, ids] of byValue) {
    const { refusals } = await writeMarks(ids, value, run);
    for (const { id } of refusals)
      run.log.warn(`${run.target.label}: ${id}: its tag ${stoppedTag} could not be renewed`);
  }
}

function renewed(value: string | undefined, run: PowerRun): string | undefined {
  if (value === undefined) return undefined;
  try {
    return formatStopMark({ ...parseStopMark(value), at: Math.floor(run.now().getTime() / 1000) });
  } catch {
    return undefined;
  }
}
