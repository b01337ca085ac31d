import type { Status } from './lib/results/verdict.ts';

/** The exit codes of the whole product, once. `run` and `exec` add 124 to 127 and 128 + n of their child. */
export const ExitCode = {
  /** Did it, nothing to do, or all within limits. */
  ok: 0,
  /** Ran fine and the answer is "no": a threshold crossed, a rule fired, nothing found where something was asked for. */
  answerIsNo: 1,
  /** Could not do it, or could not tell all. */
  failure: 2,
  /** A lock is held: try later (EX_TEMPFAIL of sysexits.h). */
  busy: 75,
  hangup: 129,
  interrupted: 130,
  terminated: 143,
} as const;

/** A code, or several in words such as `128 + n`. */
export type ExitCodeMeaning = readonly [code: number | string, meaning: string];

/** What --help of every command says about them. */
export const exitCodeHelp: readonly ExitCodeMeaning[] = [
  [ExitCode.ok, 'did it, nothing to do, or all within limits'],
  [ExitCode.answerIsNo, 'ran fine and the answer is "no": a limit crossed, a rule fired, nothing found'],
  [ExitCode.failure, 'could not do it or could not tell all: usage, configuration, network, permission, --timeout'],
  [ExitCode.interrupted, 'interrupted by Ctrl-C (129: hangup, 143: terminated)'],
];

/** With those that a command has beyond them, in order; a code that it names means what it says. */
export function exitCodesOf(own: readonly ExitCodeMeaning[] = []): ExitCodeMeaning[] {
  const named = new Set(own.map(([code]) => code));
  const numberOf = (code: number | string): number => Number.parseInt(String(code).replace(/^128 \+.*/, '129'), 10);
  return [...exitCodeHelp.filter(([code]) => !named.has(code)), ...own].toSorted(
    ([one], [other]) => numberOf(one) - numberOf(other),
  );
}

/** From which status on a judgement makes the command fail. */
export type FailOn = 'warning' | 'critical';

/** What could not be told outweighs a crossed limit: somebody has to look before the answer can be trusted. */
export function exitCodeOfStatuses(statuses: ReadonlySet<Status>, failOn: FailOn): number {
  if (statuses.has('unknown')) return ExitCode.failure;
  if (statuses.has('critical')) return ExitCode.answerIsNo;
  if (statuses.has('warning') && failOn === 'warning') return ExitCode.answerIsNo;
  return ExitCode.ok;
}

/** Nagios order, worst first. It differs from ours on purpose: there a known critical is never hidden by an unknown. */
export const nagiosOrder: readonly Status[] = ['critical', 'unknown', 'warning', 'ok'];
const nagiosCodes: Record<Status, number> = { ok: 0, warning: 1, critical: 2, unknown: 3 };
export const nagiosUnknownCode = nagiosCodes.unknown;

/** Exit code of a monitoring plugin (Monitoring Plugins Development Guidelines); no status at all is UNKNOWN. */
export function nagiosExitCode(statuses: ReadonlySet<Status>): number {
  const worst = nagiosOrder.find((status) => statuses.has(status));
  return worst === undefined ? nagiosCodes.unknown : nagiosCodes[worst];
}
