import { lstatSync } from 'node:fs';
import type { Environment } from '../shell/find-program.ts';
import { capturedText } from '../shell/head-and-tail.ts';
import { unanswered } from '../shell/unanswered.ts';
import { printable } from '../text/printable.ts';
import { noteError } from './probe.ts';
import type { Probe } from './probe.ts';
import type { Service, ServicesSection } from './report-workload.ts';

export interface ServicesOptions {
  env: Environment;
  signal: AbortSignal;
  timeoutSeconds: number;
}

/**
 * `--plain --full` are for systemd before 246, which takes `--output=json` and prints its table all the same: without
 * dots before the failed ones, and with names that are not cut.
 */
const argv = [
  'systemctl',
  'list-units',
  '--all',
  '--type=service',
  '--output=json',
  '--plain',
  '--full',
  '--no-legend',
  '--no-pager',
] as const;

/** Tens of thousands of units; a longer answer is refused, because half of one would look whole. */
const capture = { headBytes: 8 * 2 ** 20, tailBytes: 0 };

/**
 * The services of systemd, from one call of systemctl(1). Undefined where systemd does not run or could not be asked.
 * `state` is absent, because systemctl tells it only to a second call.
 */
export async function servicesSection(probe: Probe, options: ServicesOptions): Promise<ServicesSection | undefined> {
  if (!isBootedWithSystemd(probe)) {
    probe.unavailable.push({ section: 'services', reason: 'this machine was not booted with systemd' });
    return undefined;
  }
  try {
    return summarize(parseUnits(await listUnits(options)));
  } catch (error) {
    noteError(probe, 'services', error, 'systemctl');
    return undefined;
  }
}

/** The test of sd_booted(3). */
function isBootedWithSystemd(probe: Probe): boolean {
  return lstatSync(`${probe.root}/run/systemd/system`, { throwIfNoEntry: false })?.isDirectory() === true;
}

async function listUnits(options: ServicesOptions): Promise<string> {
  const { timeoutSeconds, signal } = options;
  const env = { ...options.env, LC_ALL: 'C', SYSTEMD_COLORS: '0', SYSTEMD_PAGER: '' };
  const { runProgram } = await import('../shell/run-program.ts');
  const result = await runProgram({ argv, env, timeoutSeconds, signal, capture, graceSeconds: 0.2 });
  const { end, stdout, stderr } = result;
  if (end.kind === 'not-started') throw new Error(end.message);
  if (end.kind === 'signalled') throw new Error(`systemctl was ended by ${end.signal}`);
  if (end.kind === 'exited' && end.code === 0) {
    if (!stdout.complete || stdout.omittedBytes > 0) throw new Error('the answer of systemctl was cut off');
    return capturedText(stdout);
  }
  if (end.kind === 'exited') {
    const reason = capturedText(stderr).trim().split('\n')[0]!;
    throw new Error(`systemctl failed with code ${end.code}${reason === '' ? '' : `: ${reason}`}`);
  }
  throw unanswered(end, timeoutSeconds, 'systemctl');
}

/** Units from the answer of systemctl, JSON or table. Throws SyntaxError for anything else. Exported for tests. */
export function parseUnits(text: string): Service[] {
  return text.trimStart().startsWith('[') ? parseJson(text) : parseTable(text);
}

function parseJson(text: string): Service[] {
  const units: unknown = JSON.parse(text);
  if (!Array.isArray(units)) throw new SyntaxError('systemctl answered with something else than a list of units');
  return units.map((entry: unknown) => {
    const unit: Partial<Record<string, unknown>> = Object(entry);
    return {
      unit: textOf(unit, 'unit'),
      load: textOf(unit, 'load'),
      active: textOf(unit, 'active'),
      sub: textOf(unit, 'sub'),
      description: printable(textOf(unit, 'description')),
    };
  });
}

function textOf(unit: Partial<Record<string, unknown>>, name: string): string {
  const value = unit[name];
  if (typeof value !== 'string') throw new SyntaxError(`systemctl answered with a unit without '${name}'`);
  return value;
}

/** `UNIT LOAD ACTIVE SUB DESCRIPTION`; the names of units never hold a space. */
function parseTable(text: string): Service[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const match = /^\s*(\S+\.service)\s+([a-z-]+)\s+([a-z-]+)\s+([a-z-]+)(?:\s+(.*?))?\s*$/.exec(line);
    if (match === null) throw new SyntaxError('systemctl answered with neither JSON nor its table of units');
    return {
      unit: match[1]!,
      load: match[2]!,
      active: match[3]!,
      sub: match[4]!,
      description: printable(match[5] ?? ''),
    };
  });
}

function summarize(units: readonly Service[]): ServicesSection {
  const active = units.filter((unit) => ['active', 'reloading', 'refreshing'].includes(unit.active));
  return {
    manager: 'systemd',
    // A unit that is only named by another one, and has no file, is no service of this machine.
    total: units.filter((unit) => unit.load !== 'not-found').length,
    active: active.length,
    active_units: active.map(({ unit }) => unit),
    failed: units.filter((unit) => unit.active === 'failed'),
    activating: units.filter((unit) => unit.active === 'activating'),
  };
}
