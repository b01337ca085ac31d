import { expect, test } from 'vitest';
import type { LogRule } from '../../../../src/lib/logs/alert/log-rule.ts';
import type { Span } from '../../../../src/lib/logs/alert/lull.ts';
import { createRuleCounter } from '../../../../src/lib/logs/alert/rule-counter.ts';
import { ruleMetrics } from '../../../../src/lib/logs/alert/rule-metrics.ts';
import { ruleResult, ruleVerdicts } from '../../../../src/lib/logs/alert/rule-verdicts.ts';
import { expositionText } from '../../../../src/lib/results/exposition.ts';

const rule: LogRule = { name: 'oom', match: ['x'], severity: 'warning', labels: { team: 'db' } };
const context = { source: 'app.log', sources: '3 files', formatTime: (timeMs: number) => `t${timeMs}` };

function resultOf(changes: Partial<LogRule>, times: readonly (number | undefined)[], span?: Span) {
  const changed = { ...rule, ...changes };
  const counter = createRuleCounter(changed);
  for (const time of times) counter.hit(time, 'a line');
  return ruleResult(changed, counter.end(span), context);
}

function verdictOf(...given: Parameters<typeof resultOf>) {
  const verdicts = [...ruleVerdicts(resultOf(...given))];
  expect(verdicts).toHaveLength(1);
  return verdicts[0];
}

test('a rule that fired says how often, when, what and where from', () => {
  expect(resultOf({ threshold: { count: 2, perSeconds: 60 } }, [1, 2, undefined])).toEqual({
    schema: 'devops.logs-grep/1',
    kind: 'rule',
    subject: 'oom',
    status: 'warning',
    severity: 'warning',
    fired: true,
    because: 'too many',
    count: 3,
    peak: 3,
    threshold: { count: 2, per_seconds: 60 },
    first: 't1',
    last: 't2',
    sample: 'a line',
    source: 'app.log',
    untimed_count: 1,
    labels: { team: 'db' },
    message: '3 times oom in 3 files, up to 3 within 1m, first t1, last t2: a line',
  });
});

test('what is not known is absent, and zero is a number', () => {
  const result = resultOf({}, []);
  expect(result).toMatchObject({ status: 'ok', fired: false, count: 0, peak: 0, threshold: { count: 1 } });
  for (const key of ['because', 'undecided', 'at_least', 'first', 'last', 'sample', 'source', 'late_count']) {
    expect(result).not.toHaveProperty(key);
  }
  expect(resultOf({ atLeast: { count: 1 } }, [])).not.toHaveProperty('threshold');
});

const minute = 60_000;

test.each<[Parameters<typeof resultOf>, object]>([
  [[{}, []], { status: 'ok', code: 'ok', message: '0 lines' }],
  [
    [{ threshold: { count: 10, perSeconds: 300 } }, [1, 2, 3]],
    { status: 'ok', code: 'ok', message: '3 lines, below 10 in 5m' },
  ],
  [
    [{ threshold: { count: 2, perSeconds: 1 } }, [1, minute, 2 * minute]],
    { status: 'ok', code: 'ok', message: '3 lines, up to 1 at once, below 2 in 1s' },
  ],
  [[{ atLeast: { count: 1 } }, [1]], { status: 'ok', code: 'ok', message: '1 line, at least 1' }],
  [[{ message: 'MINE' }, [1]], { status: 'warning', code: 'fired', message: 'MINE' }],
  [
    [{ severity: 'critical', atLeast: { count: 2 } }, [1]],
    { status: 'critical', code: 'too-few', message: 'once oom in 3 files, expected at least 2, last t1' },
  ],
  [
    [{ atLeast: { count: 2, perSeconds: 3600 } }, [1], { startMs: 0, endMs: minute }],
    {
      status: 'unknown',
      code: 'undecided',
      message: 'once oom in 3 files: the run covers 1m, the rule speaks of 1h',
      hint: expect.stringContaining('--since'),
    },
  ],
])('%j is one verdict about the rule', (given, verdict) => {
  expect(verdictOf(...given)).toEqual({ subject: 'oom', ...verdict });
});

test('the metrics have the labels of the rule, and no verdict where there is none', () => {
  expect(expositionText(ruleMetrics(resultOf({}, [1, 2]))).replace(/^#.*\n/gm, '')).toBe(
    [
      'devops_logs_rule_lines{rule="oom",team="db"} 2',
      'devops_logs_rule_peak{rule="oom",team="db"} 2',
      'devops_logs_rule_fired{rule="oom",severity="warning",team="db"} 1',
      '',
    ].join('\n'),
  );
  expect(expositionText(ruleMetrics(resultOf({}, [])))).toContain('severity="warning",team="db"} 0\n');
  const undecided = resultOf({ atLeast: { count: 2, perSeconds: 3600 } }, [1], { startMs: 0, endMs: minute });
  expect(expositionText(ruleMetrics(undecided))).not.toContain('fired');
});

test.each<[Partial<LogRule>, object]>([
  [{ threshold: { count: 10, perSeconds: 60 } }, { value: 1, warning: '9' }],
  [{ severity: 'critical' }, { value: 2, critical: '0' }],
  [{ atLeast: { count: 3 } }, { value: 2, warning: '3:' }],
  [
    { atLeast: { count: 1 }, threshold: { count: 5 } },
    { value: 2, warning: '1:4' },
  ],
  [{ atLeast: { count: 1, perSeconds: 60 } }, { value: 2 }],
])('the performance data of %j alarms where the rule does', (changes, expected) => {
  const data = [...ruleMetrics(resultOf(changes, [0, 2 * minute]))].flatMap(({ performance }) => performance ?? []);
  expect(data).toEqual([{ label: 'oom', minimum: 0, ...expected }]);
});
