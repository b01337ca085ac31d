import { expect, test } from 'vitest';
import type { AlertDraft } from '../../../src/lib/jobs/compose-alert.ts';
import type { NotifyPolicy } from '../../../src/lib/jobs/job.ts';
import { newJobState } from '../../../src/lib/jobs/job-state.ts';
import type { JobState } from '../../../src/lib/jobs/job-state.ts';
import { decide, decideMissed, dueCollected } from '../../../src/lib/jobs/transitions.ts';
import type { DecidedRun } from '../../../src/lib/jobs/transitions.ts';
import { alertTitle } from '../../../src/lib/notify/alert-title.ts';
import type { Verdict } from '../../../src/lib/results/verdict.ts';
import { event, verdict } from './attempts.ts';

const hour = 3600;
const start = 1_800_000_000;
const usual: NotifyPolicy = { failAfter: 1, warning: 'change', recovery: 'if_announced', stuckAfter: 3 };
const daily: Partial<NotifyPolicy> = { reminderSeconds: 24 * hour };

/**
 * One run in short: `A!` critical, `A?` unknown, `A~` warning, `A+` ok, `A!x` with the code x, `A=e1` an event, `A~=e1`
 * a warning one; `...` when it did not tell all. `busy`, `skipped` and `ctrl-c` are runs without judgements, `late` asks
 * whether it is missed (after 26 hours), `flush` whether events are due.
 */
const statuses = { '!': 'critical', '?': 'unknown', '~': 'warning', '+': 'ok' } as const;

function runOf(text: string): DecidedRun {
  const words = text.split(' ').filter((word) => word !== '' && word !== '...');
  const base = { exitCode: 1, ended: 'exit code 1', verdicts: [] as Verdict[], complete: !text.includes('...') };
  if (text === 'busy') return { ...base, state: 'busy', ended: 'pid 7 has the lock', complete: false };
  if (text === 'skipped') return { ...base, state: 'skipped', complete: false };
  if (text === 'ctrl-c') {
    const verdicts = [verdict('job', 'unknown', { code: 'interrupted' })];
    return { ...base, state: 'interrupted', exitCode: 130, verdicts, complete: false };
  }
  const verdicts = words.map((word) => {
    const [, subject, sign, code, identity] = /^(\w+)([!?~+])?(\w+)?(?:=(\w+))?$/.exec(word)!;
    const status = statuses[(sign ?? '!') as '!'];
    if (identity !== undefined) return event(subject!, identity, status);
    return verdict(subject!, status, code === undefined ? {} : { code });
  });
  return { ...base, state: verdicts.every(({ status }) => status === 'ok') ? 'ok' : 'failed', verdicts };
}

/** `kind severity: subject change`, and the number that the title does not tell. */
function shortOf({ kind, severity, subjects, moreSubjects }: AlertDraft): string {
  const told = subjects.map((each) => `${each.event ?? each.subject} ${each.change}`).join(', ');
  return `${kind} ${severity}: ${told}${moreSubjects === 0 ? '' : ` +${moreSubjects}`}`;
}

const titleOf = (draft: AlertDraft): string => alertTitle({ ...draft, job: 'job', host: 'web1' });

function play(steps: readonly (readonly [at: number, run: string])[], policy: Partial<NotifyPolicy> = {}) {
  let state: JobState = newJobState('job', start);
  const told: string[][] = [];
  const titles: string[] = [];
  const suppressed: number[] = [];
  for (const [hours, text] of steps) {
    const now = start + hours * hour;
    const whole = { ...usual, ...policy };
    const before = structuredClone(state);
    const decision =
      text === 'late'
        ? decideMissed(state, { maxAgeSeconds: 26 * hour }, whole, now)
        : text === 'flush'
          ? dueCollected(state, whole, now)
          : decide(state, runOf(text), whole, now);
    expect(state, 'what it was given is not changed').toEqual(before);
    state = decision.state;
    told.push(decision.alerts.map(shortOf));
    titles.push(...decision.alerts.map(titleOf));
    suppressed.push(decision.suppressed);
    expect(decision.alerts.length).toBeLessThanOrEqual(1);
  }
  return { told: told.flatMap((alerts) => (alerts.length === 0 ? ['-'] : alerts)), titles, suppressed, state };
}

type Row = [name: string, policy: Partial<NotifyPolicy>, steps: [at: number, run: string, alert: string][]];
const rows: Row[] = [
  [
    'all is well',
    {},
    [
      [0, 'job+', '-'],
      [1, 'a+ b+', '-'],
    ],
  ],
  [
    'a job that fails is told once, and its end',
    {},
    [
      [0, 'job!', 'failed critical: job new'],
      [1, 'job!', '-'],
      [2, 'job+', 'recovered ok: job recovered'],
      [3, 'job+', '-'],
    ],
  ],
  [
    'host B goes bad while A is bad',
    {},
    [
      [0, 'a! b+', 'findings critical: a new'],
      [1, 'a! b!', 'findings critical: b new, a still'],
      [2, 'a! b!', '-'],
    ],
  ],
  [
    'B recovers while A is bad',
    {},
    [
      [0, 'a! b!', 'findings critical: a new, b new'],
      [1, 'a! b+', 'still-failing critical: a still, b recovered'],
      [2, 'a+ b+', 'recovered ok: a recovered'],
    ],
  ],
  [
    'one recovers and another begins',
    {},
    [
      [0, 'a!', 'findings critical: a new'],
      [1, 'a+ b!', 'findings critical: b new, a recovered'],
    ],
  ],
  [
    'a warning that becomes critical',
    {},
    [
      [0, 'a~', 'findings warning: a new'],
      [1, 'a!', 'findings critical: a worse'],
      [2, 'a~', '-'],
      [3, 'a!', '-'],
    ],
  ],
  [
    'critical and unknown are each told once',
    {},
    [
      [0, 'a!', 'findings critical: a new'],
      [1, 'a?', 'findings unknown: a new'],
      [2, 'a!', '-'],
      [3, 'a?', '-'],
      [4, 'a+', 'recovered ok: a recovered'],
      [5, 'a?', 'findings unknown: a new'],
    ],
  ],
  [
    'a warning that becomes unknown',
    {},
    [
      [0, 'a~', 'findings warning: a new'],
      [1, 'a?', 'findings unknown: a worse'],
    ],
  ],
  [
    'a second finding about the same host is not hidden by the first',
    {},
    [
      [0, 'a!disk', 'findings critical: a new'],
      [1, 'a!disk a!memory', 'findings critical: a new, a still'],
      [2, 'a!disk a!memory', '-'],
      [3, 'a!disk', '-'],
      [4, 'a+', 'recovered ok: a recovered'],
    ],
  ],
  [
    'expiring, then expired under another code',
    {},
    [
      [0, 'a~expiring', 'findings warning: a new'],
      [1, 'a!expired', 'findings critical: a worse'],
    ],
  ],
  [
    'another exit code is another failure',
    {},
    [
      [0, 'job!three', 'failed critical: job new'],
      [1, 'job!four', 'failed critical: job new'],
      [2, 'job!three', '-'],
    ],
  ],
  [
    'the job fails beside a host',
    {},
    [
      [0, 'a!', 'findings critical: a new'],
      [1, 'job? ...', 'failed critical: job new, a still'],
    ],
  ],
  [
    'fail after 3',
    { failAfter: 3 },
    [
      [0, 'job!', '-'],
      [1, 'job!', '-'],
      [2, 'job!', 'failed critical: job new'],
      [3, 'job!', '-'],
      [4, 'job+', 'recovered ok: job recovered'],
      [5, 'job!', '-'],
      [6, 'job+', '-'],
      [7, 'job!', '-'],
      [8, 'job!', '-'],
      [9, 'job+', '-'],
    ],
  ],
  [
    'hosts that fail in turn are a job that fails',
    { failAfter: 3 },
    [
      [0, 'a!', '-'],
      [1, 'b!', '-'],
      [2, 'c!', 'findings critical: c new'],
      [3, 'd! c!', 'findings critical: d new, c still'],
    ],
  ],
  [
    'what becomes worse after it was told waits for nothing',
    { failAfter: 2 },
    [
      [0, 'a~', '-'],
      [1, 'a~', 'findings warning: a new'],
      [2, 'a!', 'findings critical: a worse'],
    ],
  ],
  [
    'a warning does not use up the patience for a failure',
    { failAfter: 2 },
    [
      [0, 'w~', '-'],
      [1, 'w~', 'findings warning: w new'],
      [2, 'w~ a!', '-'],
      [3, 'w~ a!', 'findings critical: a new, w still'],
    ],
  ],
  [
    'with warnings always they are failures',
    { failAfter: 2, warning: 'always' },
    [
      [0, 'w~', '-'],
      [1, 'w~ a!', 'findings critical: a new, w new'],
    ],
  ],
  [
    'runs that were not judged count for nothing',
    { failAfter: 2 },
    [
      [0, 'job!', '-'],
      [1, 'busy', '-'],
      [2, 'skipped', '-'],
      [3, 'ctrl-c', '-'],
      [4, 'job!', 'failed critical: job new'],
    ],
  ],
  [
    'Ctrl-C is no news to who pressed it',
    {},
    [
      [0, 'ctrl-c', '-'],
      [1, 'job!', 'failed critical: job new'],
      [2, 'ctrl-c', '-'],
      [3, 'job+', 'recovered ok: job recovered'],
    ],
  ],
  ['an interruption by a signal is told', {}, [[0, 'job?interrupted ...', 'failed unknown: job new']]],
  [
    'events wait for no failures in a row',
    { failAfter: 3 },
    [
      [0, 'log=e1 a!', 'findings critical: e1 event'],
      [1, 'log=e2', 'findings critical: e2 event'],
    ],
  ],
  [
    'new lines on two runs in a row are told at once without reminders',
    {},
    [
      [0, 'log=e1', 'findings critical: e1 event'],
      [1, 'log=e2', 'findings critical: e2 event'],
      [2, 'log+', '-'],
    ],
  ],
  [
    'events in a reminder window go with the next message',
    daily,
    [
      [0, 'log=e1', 'findings critical: e1 event'],
      [1, 'log=e2', '-'],
      [2, 'log=e3', '-'],
      [3, 'a!', 'findings critical: a new, e2 event, e3 event'],
      [4, 'a+', 'recovered ok: a recovered'],
    ],
  ],
  [
    'events go at the end of the window with the next run',
    daily,
    [
      [0, 'log=e1', 'findings critical: e1 event'],
      [1, 'log=e2', '-'],
      [23.9, 'job+', '-'],
      [24, 'job+', 'findings critical: e2 event'],
      [25, 'job+', '-'],
    ],
  ],
  [
    'events go at the end of the window without a run',
    daily,
    [
      [0, 'log=e1', 'findings critical: e1 event'],
      [1, 'log=e2', '-'],
      [23, 'flush', '-'],
      [24, 'flush', 'findings critical: e2 event'],
      [25, 'flush', '-'],
    ],
  ],
  [
    'events go at the end of the window with a busy lock',
    daily,
    [
      [0, 'log=e1', 'findings critical: e1 event'],
      [1, 'log=e2', '-'],
      [24, 'busy', 'findings critical: e2 event'],
    ],
  ],
  [
    'an event of another log, or a worse one, is news',
    daily,
    [
      [0, 'log~=e1', 'findings warning: e1 event'],
      [1, 'other~=e2', 'findings warning: e2 event'],
      [2, 'log~=e3', '-'],
      [3, 'log=e4', 'findings critical: e4 event, e3 event'],
      [4, 'log~=e5', '-'],
      [5, 'log=e6', '-'],
    ],
  ],
  [
    'an event that waits is not collected twice',
    daily,
    [
      [0, 'log=e1', 'findings critical: e1 event'],
      [1, 'log=e2', '-'],
      [2, 'log=e2', '-'],
      [24, 'flush', 'findings critical: e2 event'],
    ],
  ],
  [
    'an event is no state that could recover',
    {},
    [
      [0, 'log=e1', 'findings critical: e1 event'],
      [1, 'job+', '-'],
    ],
  ],
  [
    'a clock that was set back holds no event longer',
    daily,
    [
      [0, 'log=e1', 'findings critical: e1 event'],
      [1, 'log=e2', '-'],
      [-500, 'flush', 'findings critical: e2 event'],
    ],
  ],
  [
    'the reminder has all that is still bad',
    daily,
    [
      [0, 'a!', 'findings critical: a new'],
      [10, 'a! b~', 'findings critical: b new, a still'],
      [24, 'a! b~', '-'],
      [34, 'a! b~', 'still-failing critical: a still, b still'],
      [35, 'a! b~', '-'],
      [58, 'a! b~', 'still-failing critical: a still, b still'],
    ],
  ],
  [
    'the reminder tells what was not looked at',
    daily,
    [
      [0, 'a!', 'findings critical: a new'],
      [24, 'b? ...', 'findings critical: b new, a still'],
      [48, 'b? ...', 'still-failing critical: a still, b still'],
    ],
  ],
  [
    'a reminder needs a run that is bad',
    daily,
    [
      [0, 'a!', 'findings critical: a new'],
      [1, 'a+', 'recovered ok: a recovered'],
      [30, 'a+', '-'],
    ],
  ],
  [
    'what waits for its third failure is in no reminder',
    { ...daily, failAfter: 3, warning: 'always' },
    [
      [0, 'a!', '-'],
      [30, 'a!', '-'],
      [60, 'a!', 'findings critical: a new'],
    ],
  ],
  [
    'a clock that was set back holds no reminder longer',
    daily,
    [
      [0, 'job!', 'failed critical: job new'],
      [-1000, 'job!', 'still-failing critical: job still'],
      [-999, 'job!', '-'],
      [-976, 'job!', 'still-failing critical: job still'],
    ],
  ],
  [
    'after the reminder a rise from what it told is news again',
    daily,
    [
      [0, 'a! b!', 'findings critical: a new, b new'],
      [1, 'a~ b!', '-'],
      [24, 'a~ b!', 'still-failing critical: b still, a still'],
      [25, 'a! b!', 'findings critical: a worse, b still'],
    ],
  ],
  [
    'warnings on change are in no reminder of their own',
    daily,
    [
      [0, 'a~', 'findings warning: a new'],
      [30, 'a~', '-'],
      [31, 'a+', 'recovered ok: a recovered'],
    ],
  ],
  [
    'warnings always have reminders',
    { ...daily, warning: 'always' },
    [
      [0, 'a~', 'findings warning: a new'],
      [24, 'a~', 'still-failing warning: a still'],
    ],
  ],
  [
    'warnings never are told never',
    { ...daily, warning: 'never' },
    [
      [0, 'a~ log~=e1', '-'],
      [1, 'a!', 'findings critical: a new'],
      [2, 'a~', 'recovered ok: a recovered'],
      [3, 'a+', '-'],
    ],
  ],
  [
    'a subject that a complete run does not name is gone',
    {},
    [
      [0, 'a! b!', 'findings critical: a new, b new'],
      [1, 'b!', 'still-failing critical: b still, a recovered'],
    ],
  ],
  [
    'unknown is not ok: an incomplete run recovers nobody',
    {},
    [
      [0, 'a!', 'findings critical: a new'],
      [1, 'job? ...', 'failed critical: job new, a still'],
      [2, 'b+ ...', '-'],
      [3, 'b+', 'recovered ok: a recovered, job recovered'],
    ],
  ],
  [
    'an incomplete run recovers whom it names',
    {},
    [
      [0, 'a! b!', 'findings critical: a new, b new'],
      [1, 'a+ ...', 'still-failing critical: b still, a recovered'],
    ],
  ],
  [
    'a bad verdict outweighs an ok of the same subject',
    {},
    [
      [0, 'a!disk a+memory', 'findings critical: a new'],
      [1, 'a!disk a+memory', '-'],
    ],
  ],
  [
    'recovery never',
    { recovery: 'never' },
    [
      [0, 'a!', 'findings critical: a new'],
      [1, 'a+', '-'],
      [2, 'a!', 'findings critical: a new'],
    ],
  ],
  [
    'what was never told does not recover',
    { failAfter: 2 },
    [
      [0, 'a!', '-'],
      [1, 'a+', '-'],
    ],
  ],
  [
    'stuck after 3 is told once and ends with a real run',
    {},
    [
      [0, 'busy', '-'],
      [1, 'busy', '-'],
      [2, 'busy', 'stuck critical: job new'],
      [3, 'busy', '-'],
      [4, 'job+', 'recovered ok: job recovered'],
      [5, 'busy', '-'],
      [6, 'job+', '-'],
      [7, 'busy', '-'],
      [8, 'busy', '-'],
      [9, 'busy', 'stuck critical: job new'],
    ],
  ],
  [
    'stuck is told again at the reminder',
    daily,
    [
      [0, 'busy', '-'],
      [1, 'busy', '-'],
      [2, 'busy', 'stuck critical: job new'],
      [25, 'busy', '-'],
      [26, 'busy', 'stuck critical: job still'],
    ],
  ],
  [
    'stuck that ends in a failure is one message',
    {},
    [
      [0, 'busy', '-'],
      [1, 'busy', '-'],
      [2, 'busy', 'stuck critical: job new'],
      [3, 'job!', 'failed critical: job new, job recovered'],
    ],
  ],
  [
    'stuck that ends with a skip',
    {},
    [
      [0, 'busy', '-'],
      [1, 'busy', '-'],
      [2, 'busy', 'stuck critical: job new'],
      [3, 'skipped', 'recovered ok: job recovered'],
    ],
  ],
  [
    'stuck and recovery never',
    { recovery: 'never' },
    [
      [0, 'busy', '-'],
      [1, 'busy', '-'],
      [2, 'busy', 'stuck critical: job new'],
      [3, 'job+', '-'],
    ],
  ],
  [
    'what is still bad is told with stuck',
    { stuckAfter: 1 },
    [
      [0, 'a!', 'findings critical: a new'],
      [1, 'busy', 'stuck critical: job new, a still'],
    ],
  ],
  [
    'a reminder while it is busy, not yet stuck',
    daily,
    [
      [0, 'a!', 'findings critical: a new'],
      [24, 'busy', 'still-failing critical: a still'],
    ],
  ],
  [
    'missed is told once, and its end with the good run',
    {},
    [
      [0, 'job+', '-'],
      [26, 'late', '-'],
      [26.1, 'late', 'missed critical: job new'],
      [40, 'late', '-'],
      [41, 'job! ...', 'failed critical: job new, job still'],
      [42, 'job+', 'recovered ok: job recovered, job recovered'],
      [43, 'late', '-'],
    ],
  ],
  [
    'missed is told again at the reminder',
    daily,
    [
      [27, 'late', 'missed critical: job new'],
      [50, 'late', '-'],
      [51, 'late', 'missed critical: job still'],
    ],
  ],
  [
    'a job that never ran is missed, too',
    {},
    [
      [25, 'late', '-'],
      [27, 'late', 'missed critical: job new'],
    ],
  ],
  [
    'findings are a good run, a failure is none',
    {},
    [
      [20, 'a!', 'findings critical: a new'],
      [30, 'late', '-'],
      [40, 'job! ...', 'failed critical: job new, a still'],
      [47, 'late', 'missed critical: job new, a still, job still'],
    ],
  ],
  [
    'a clock that was set back makes nothing miss for ever',
    {},
    [
      [0, 'job+', '-'],
      [-1000, 'late', '-'],
      [-975, 'late', '-'],
      [-973, 'late', 'missed critical: job new'],
    ],
  ],
  [
    'missed and recovery never',
    { recovery: 'never' },
    [
      [27, 'late', 'missed critical: job new'],
      [28, 'job+', '-'],
    ],
  ],
];

test.each(rows)('%s', (_name, policy, steps) => {
  const { told } = play(
    steps.map(([at, run]) => [at, run]),
    policy,
  );
  expect(told).toEqual(steps.map(([, , alert]) => alert));
});

test('a longer max age ends what is missed', () => {
  const { state } = play([[27, 'late']]);
  const { alerts, state: next } = decideMissed(state, { maxAgeSeconds: 90 * hour }, usual, start + 28 * hour);
  expect(alerts.map(shortOf)).toEqual(['recovered ok: job recovered']);
  expect(next.missed).toBeUndefined();
  const never = decideMissed(state, {}, { ...usual, recovery: 'never' }, start + 28 * hour);
  expect(never).toMatchObject({ alerts: [], suppressed: 0 });
});

test.each<[string, Partial<NotifyPolicy>, [number, string][], string]>([
  ['failed', {}, [[0, 'job!']], 'FAILED job on web1: job is critical'],
  ['one finding', {}, [[0, 'web!']], 'CRITICAL job on web1: web: web is critical'],
  ['two findings', {}, [[0, 'web~ db!']], 'CRITICAL job on web1: db: db is critical (and 1 more)'],
  [
    'recovered',
    {},
    [
      [0, 'web!'],
      [1, 'web+'],
    ],
    'RECOVERED job on web1: web: web is ok',
  ],
  [
    'all recovered',
    {},
    [
      [0, 'web! db!'],
      [1, 'web+ db+'],
    ],
    'RECOVERED job on web1: web: web is ok (and 1 more)',
  ],
  [
    'gone',
    {},
    [
      [0, 'job!'],
      [1, 'web+'],
    ],
    'RECOVERED job on web1: exit code 1',
  ],
  [
    'partly recovered',
    {},
    [
      [0, 'web! db!'],
      [1, 'web+ db!'],
    ],
    'STILL FAILING job on web1: db: db is critical (1 recovered)',
  ],
  [
    'still',
    daily,
    [
      [0, 'job!'],
      [24, 'job!'],
    ],
    'STILL FAILING job on web1: job is critical',
  ],
  ['stuck', { stuckAfter: 1 }, [[0, 'busy']], 'STUCK job on web1: skipped 1 times in a row: pid 7 has the lock'],
  [
    'missed',
    {},
    [
      [0, 'job+'],
      [30, 'late'],
    ],
    'MISSED job on web1: the last good run was at 2027-01-15T08:00:00.000Z, 1d 6h ago; expected is one every 1d 2h',
  ],
])('the title of %s', (_name, policy, steps, title) => {
  expect(play(steps, policy).titles.at(-1)).toBe(title);
});

test('a title is one harmless line, whatever a subject is', () => {
  const hostile = verdict('a\r\nBcc: evil@example.org', 'critical', { message: '\u001b[31m\u202e'.repeat(5000) });
  const run = { ...runOf('a!'), verdicts: [hostile] };
  const [alert] = decide(newJobState('job', start), run, usual, start).alerts;
  expect(titleOf(alert!)).toMatch(/^[ -~]{1,200}$/);
  expect(alert!.subjects[0]!.message.length).toBeLessThanOrEqual(1000);
});

test('suppressed counts what is not ok and that nobody is told of', () => {
  expect(
    play([
      [0, 'a! b!'],
      [1, 'a! b!'],
      [2, 'a! b! c!'],
      [3, 'a+ b+'],
    ]).suppressed,
  ).toEqual([0, 2, 0, 0]);
  expect(
    play(
      [
        [0, 'log=e1'],
        [1, 'log=e2'],
        [2, 'log=e3 log=e4'],
      ],
      daily,
    ).suppressed,
  ).toEqual([0, 1, 2]);
  expect(play([[0, 'a~ b!']], { warning: 'never' }).suppressed).toEqual([1]);
  expect(play([[0, 'job!']], { failAfter: 2 }).suppressed).toEqual([1]);
  expect(play([[0, 'ctrl-c']]).suppressed).toEqual([1]);
});

test('of 12,000 subjects none is forgotten: the last ones are one with a count', () => {
  const many = Array.from({ length: 12_000 }, (_, index) => verdict(`host${index}`, 'critical'));
  const run = { ...runOf('a!'), verdicts: many };
  const first = decide(newJobState('job', start), run, usual, start);
  expect(first.alerts[0]).toMatchObject({ moreSubjects: 9_800 });
  expect(first.alerts[0]!.subjects).toHaveLength(200);
  expect(first.state.subjects.size).toBe(10_000);
  expect(first.state.subjects.get('(others)')!.verdicts[0]!.message).toBe('2001 further subjects are not ok, too');
  expect(decide(first.state, { ...run, verdicts: many.toReversed() }, usual, start + 1).alerts).toEqual([]);
});

test('incomplete runs that never name the same subject twice do not fill the memory', () => {
  let state = newJobState('job', start);
  for (let run = 0; run < 4; run++) {
    const verdicts = Array.from({ length: 4_000 }, (_, index) => verdict(`host${run}-${index}`, 'critical'));
    state = decide(state, { ...runOf('a! ...'), verdicts }, usual, start + run).state;
  }
  expect(state.subjects.size).toBe(10_000);
  expect(state.subjects.has('(others)')).toBe(true);
});

test('an alert says since when something is not ok', () => {
  const bad = runOf('a!');
  const { state } = decide(newJobState('job', start), bad, usual, start);
  const [alert] = decide(state, runOf('a! b!'), usual, start + hour).alerts;
  expect(alert!.subjects.map(({ subject, since }) => [subject, since])).toEqual([
    ['b', '2027-01-15T09:00:00.000Z'],
    ['a', '2027-01-15T08:00:00.000Z'],
  ]);
  const [worse] = decide(state, runOf('a?'), usual, start + hour).alerts;
  expect(worse!.subjects[0]!.since).toBe('2027-01-15T08:00:00.000Z');
});

test('more events than are kept are told before the window ends', () => {
  const events = Array.from({ length: 1001 }, (_, index) => event('log', `e${index}`));
  const policy = { ...usual, ...daily };
  const first = decide(newJobState('job', start), runOf('log=first'), policy, start);
  const some = decide(first.state, { ...runOf('log=x'), verdicts: events.slice(0, 1000) }, policy, start + 1);
  expect(some).toMatchObject({ alerts: [], suppressed: 1000 });
  const all = decide(some.state, { ...runOf('log=x'), verdicts: events.slice(1000) }, policy, start + 2);
  expect(all.alerts[0]).toMatchObject({ kind: 'findings', moreSubjects: 801 });
  expect(all.state.collected).toEqual([]);
});

test('of what is listed the news come first, however much is bad already', () => {
  const old = Array.from({ length: 300 }, (_, index) => verdict(`host${index}`, 'critical'));
  const first = decide(newJobState('job', start), { ...runOf('a!'), verdicts: old }, usual, start);
  const next = { ...runOf('a!'), verdicts: [...old.slice(1), verdict('new', 'warning')] };
  const [alert] = decide(first.state, next, usual, start + 1).alerts;
  expect(alert!.subjects.filter(({ change }) => change !== 'still').map(({ subject }) => subject)).toEqual([
    'new',
    'host0',
  ]);
  expect(alert!.moreSubjects).toBe(101);
});

test('of one subject with endless codes a bounded number is kept', () => {
  let state = newJobState('job', start);
  for (let index = 0; index < 200; index++) {
    const verdicts = [
      verdict('a', 'critical', { code: `one-${index}` }),
      ...Array.from({ length: 100 }, (_, code) => verdict('a', 'warning', { code: `${code}` })),
    ];
    state = decide(state, { ...runOf('a!'), verdicts }, usual, start + index).state;
  }
  expect(state.subjects.get('a')!.verdicts).toHaveLength(50);
  expect(state.subjects.get('a')!.told.length).toBeLessThanOrEqual(50);
});
