import { noteError, readOptional } from './probe.ts';
import type { Probe } from './probe.ts';
import type { Pressure } from './report-resources.ts';

/**
 * Pressure stall information of the whole machine (kernel `Documentation/accounting/psi.rst`).
 * Undefined when the kernel was built without it or booted with `psi=0`, where reading answers EOPNOTSUPP.
 */
export function readPressure(probe: Probe, resource: 'cpu' | 'memory' | 'io'): Pressure | undefined {
  const path = `/proc/pressure/${resource}`;
  try {
    const text = readOptional(probe, path);
    return text === undefined ? undefined : parsePressure(text);
  } catch (error) {
    noteError(probe, resource, error, path);
    return undefined;
  }
}

/** Throws a SyntaxError when the `some` line is not there. The `full` line is missing for cpu before Linux 5.13. */
export function parsePressure(text: string): Pressure {
  const some = parseLine(text, 'some');
  const full = parseLine(text, 'full');
  if (some === undefined) throw new SyntaxError('not pressure stall information: no line "some"');
  return {
    some_avg10_pct: some[0],
    some_avg60_pct: some[1],
    some_avg300_pct: some[2],
    some_total_seconds: some[3],
    ...(full && {
      full_avg10_pct: full[0],
      full_avg60_pct: full[1],
      full_avg300_pct: full[2],
      full_total_seconds: full[3],
    }),
  };
}

function parseLine(text: string, name: string): [number, number, number, number] | undefined {
  const number = String.raw`(\d+(?:\.\d+)?)`;
  const line = new RegExp(`^${name} avg10=${number} avg60=${number} avg300=${number} total=(\\d+)`, 'm').exec(text);
  // The total is kept in microseconds.
  return line ? [Number(line[1]), Number(line[2]), Number(line[3]), Number(line[4]) / 1e6] : undefined;
}
