import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NotifyPolicy } from '../../../src/lib/jobs/job.ts';
import { newJobState } from '../../../src/lib/jobs/job-state.ts';
import { decide, dueCollected } from '../../../src/lib/jobs/transitions.ts';
import type { DecidedRun } from '../../../src/lib/jobs/transitions.ts';
import { event, verdict } from './attempts.ts';

const subjects = ['a', 'b', 'c', 'job'] as const;
const status = fc.constantFrom('ok', 'ok', 'warning', 'critical', 'unknown');

/** Seconds since the run before (less than nothing: the clock was set back), what it judged, and how many new log lines. */
const step = fc.record({
  seconds: fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 1, max: 5000 }) },
    { weight: 1, arbitrary: fc.integer({ min: -20_000, max: 0 }) },
  ),
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant('run') },
    { weight: 1, arbitrary: fc.constant('busy') },
    { weight: 1, arbitrary: fc.constant('skipped') },
  ),
  judged: fc.uniqueArray(fc.tuple(fc.constantFrom(...subjects), status), {
    selector: ([subject]) => subject,
    maxLength: 4,
  }),
  lines: fc.array(fc.tuple(fc.constantFrom('log', 'mail'), fc.constantFrom('warning', 'critical')), { maxLength: 2 }),
  complete: fc.boolean(),
});

const policies: fc.Arbitrary<NotifyPolicy> = fc.record(
  {
    failAfter: fc.integer({ min: 1, max: 3 }),
    warning: fc.constantFrom('always', 'change', 'never'),
    recovery: fc.constantFrom('if_announced', 'never'),
    stuckAfter: fc.integer({ min: 1, max: 3 }),
    reminderSeconds: fc.integer({ min: 1000, max: 20_000 }),
  },
  { requiredKeys: ['failAfter', 'warning', 'recovery', 'stuckAfter'] },
);

test('whatever happens: no event is lost, what stays bad is told, and only what was told recovers', () => {
  fc.assert(
    fc.property(policies, fc.array(step, { maxLength: 40 }), (policy, steps) => {
      let now = 2_000_000_000;
      let state = newJobState('job', now);
      let line = 0;
      let steadyMessages = 0;
      const found = new Map<string, { seen: number; warning: boolean }>();
      const toldEvents = new Map<string, number>();
      /** Runs in a row, by subject, in which it was bad beyond a warning. */
      const bad = new Map<string, number>();
      const announced = new Set<string>();

      for (const { seconds, kind, judged, lines, complete } of steps) {
        now += seconds;
        const isRun = kind === 'run';
        const events = isRun ? lines.map(([log, how]) => event(log, `${line++}`, how)) : [];
        const verdicts = isRun ? [...judged.map(([subject, how]) => verdict(subject, how)), ...events] : [];
        const run = {
          state: isRun ? 'failed' : kind,
          exitCode: 1,
          ended: 'x',
          verdicts,
          complete: isRun && complete,
        } as DecidedRun;
        for (const { event: id, status: how } of events) found.set(id!, { seen: now, warning: how === 'warning' });
        const { state: next, alerts } = decide(state, run, policy, now);
        expect(alerts.length).toBeLessThanOrEqual(1);
        state = next;
        const told = alerts.flatMap((alert) => alert.subjects);
        for (const { event: id } of told) if (id !== undefined) toldEvents.set(id, (toldEvents.get(id) ?? 0) + 1);
        const isWarned = (how: string) => how === 'warning' && policy.warning === 'never';

        const worse = told.filter(({ change }) => change === 'new' || change === 'worse' || change === 'still');
        const recovered = told.filter(({ change, code }) => change === 'recovered' && code !== 'stuck');
        for (const { subject } of recovered) {
          expect(announced, 'a recovery of what was told').toContain(subject);
          const now_ = judged.find(([each]) => each === subject);
          if (now_ === undefined) expect(run.complete).toBe(true);
          else expect(now_[1] === 'ok' || isWarned(now_[1])).toBe(true);
          announced.delete(subject);
        }
        for (const { subject, code } of worse) if (code !== 'stuck') announced.add(subject);

        if (isRun) {
          const named = new Map(judged);
          for (const subject of subjects) {
            const how = named.get(subject) ?? (complete ? 'ok' : undefined);
            if (how === undefined) bad.set(subject, 0);
            else bad.set(subject, how === 'critical' || how === 'unknown' ? (bad.get(subject) ?? 0) + 1 : 0);
            if (bad.get(subject)! >= policy.failAfter) expect(announced, 'what stays bad is told').toContain(subject);
            // Also where the recovery is kept back, it begins anew after it.
            if (how === 'ok' || (how !== undefined && isWarned(how))) announced.delete(subject);
          }
        }
        // An event waits for its window at most, by a clock that may jump.
        for (const { at } of state.collected) {
          expect(policy.reminderSeconds).toBeDefined();
          expect(now - at).toBeLessThan(policy.reminderSeconds!);
        }
        for (const [id, { warning }] of found) {
          const isWaiting = state.collected.some(({ verdict: each }) => each.event === id);
          const wanted = !(warning && policy.warning === 'never');
          expect((toldEvents.get(id) ?? 0) + (isWaiting ? 1 : 0), `event ${id}`).toBe(wanted ? 1 : 0);
        }
      }
      // The same again and again is told once, and then by the reminders alone.
      const last = steps.findLast(({ kind }) => kind === 'run');
      if (last === undefined) return;
      const same: DecidedRun = {
        state: 'failed',
        exitCode: 1,
        ended: 'x',
        complete: true,
        verdicts: last.judged.map(([subject, how]) => verdict(subject, how)),
      };
      for (let index = 0; index < 30; index++) {
        now += 100;
        const { state: next, alerts } = decide(state, same, policy, now);
        state = next;
        steadyMessages += index < policy.failAfter ? 0 : alerts.length;
      }
      const windows = policy.reminderSeconds === undefined ? 0 : Math.ceil(3000 / policy.reminderSeconds) + 2;
      expect(steadyMessages).toBeLessThanOrEqual(windows);
      now += policy.reminderSeconds ?? 0;
      state = dueCollected(state, policy, now).state;
      expect(state.collected).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});
