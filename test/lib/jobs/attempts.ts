import type { Attempt } from '../../../src/lib/jobs/attempt.ts';
import type { ExitMapping } from '../../../src/lib/jobs/job.ts';
import type { Verdict } from '../../../src/lib/results/verdict.ts';

export const usualExit: ExitMapping = { ok: [0], warning: [], skip: [] };

/** A try of another program. */
export function tried(end: Attempt['end'] | number, more: Partial<Attempt> = {}): Attempt {
  const ended: Attempt['end'] = typeof end === 'number' ? { kind: 'exited', code: end } : end;
  return { end: ended, killed: false, swept: 0, durationSeconds: 10, ...more };
}

/** A try of a command of ours that came to its end. */
export function judged(code: number, verdicts: readonly Verdict[], failure?: string): Attempt {
  const end = { exitCode: code, ...(failure === undefined ? {} : { failure }) };
  return tried(code, { judgements: { verdicts, end, more: 0, endsAt: 0 } });
}

export function verdict(subject: string, status: Verdict['status'], more: Partial<Verdict> = {}): Verdict {
  return { status, subject, code: status === 'ok' ? 'ok' : 'bad', message: `${subject} is ${status}`, ...more };
}

export function event(subject: string, identity: string, status: Verdict['status'] = 'critical'): Verdict {
  return { status, subject, code: 'fired', message: `line ${identity}`, event: identity };
}
