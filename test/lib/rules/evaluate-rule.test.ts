import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeclaredMetric, MetricUnit } from '../../../src/lib/rules/declared-metric.ts';
import { evaluateRule } from '../../../src/lib/rules/evaluate-rule.ts';
import { parseRule } from '../../../src/lib/rules/parse-rule.ts';
import type { Reading } from '../../../src/lib/rules/reading.ts';
import type { RuleResult } from '../../../src/lib/system/report.ts';

function declare(name: string, unit: MetricUnit, labels: string[] = [], furtherLabels: string[] = []): DeclaredMetric {
  return { name, unit, help: '', labels, furtherLabels };
}

const metrics = new Map(
  [
    declare('used_pct', 'percent', ['mount'], ['device']),
    declare('inodes_pct', 'percent', ['mount'], ['device']),
    declare('available', 'bytes', ['mount'], ['device']),
    declare('full_in', 'seconds', ['mount'], ['device']),
    declare('utilization', 'percent', ['device']),
    declare('listening', 'count', ['port'], ['address']),
    declare('load1', 'ratio'),
    declare('sessions', 'count'),
    declare('read_only', 'boolean', ['mount']),
  ].map((metric) => [metric.name, metric]),
);

const root = { mount: '/', device: 'sda' };
const home = { mount: '/var', device: 'sdb' };

type Readings = Record<string, Partial<Reading>>;

function evaluate(text: string, readings: Readings, options: { allowMissing?: boolean } = {}): RuleResult[] {
  const readingOf = ({ name }: DeclaredMetric): Reading => ({ samples: [], ...readings[name] });
  return evaluateRule(parseRule(text, metrics), readingOf, { severity: 'critical', ...options });
}

/** `state mount` of every result. */
function found(text: string, readings: Readings, options: { allowMissing?: boolean } = {}): string[] {
  return evaluate(text, readings, options).map(({ state, labels }) => [state, ...Object.values(labels)].join(' '));
}

const disks: Readings = {
  used_pct: {
    samples: [
      { labels: root, value: 26 },
      { labels: home, value: 93.06 },
    ],
  },
};

test('every instance is a result of its own, with its value and its limit', () => {
  expect(evaluate('used_pct > 90', disks)).toEqual([
    {
      rule: 'used_pct > 90',
      severity: 'critical',
      state: 'ok',
      subject: 'used_pct{mount="/"}',
      metric: 'used_pct',
      labels: root,
      value: 26,
      message: 'used_pct{mount="/"} is 26 %, limit > 90 %',
    },
    {
      rule: 'used_pct > 90',
      severity: 'critical',
      state: 'fired',
      subject: 'used_pct{mount="/var"}',
      metric: 'used_pct',
      labels: home,
      value: 93.06,
      message: 'used_pct{mount="/var"} is 93.1 %, limit > 90 %',
    },
  ]);
});

test.for([
  ['used_pct{mount="/var"}>90', ['fired /var sdb']],
  ['used_pct{mount!="/var"}>90', ['ok / sda']],
  ['used_pct{mount=~"/v.*"}>90', ['fired /var sdb']],
  ['used_pct{mount=~"v"}>90', ['unknown']],
  ['used_pct{mount!~"/v.*"}>90', ['ok / sda']],
  ['used_pct{device="sdb",mount="/var"}>90', ['fired /var sdb']],
  ['used_pct{device="sda",mount="/var"}>90', ['unknown sda /var']],
] as const)('%s selects %j', ([rule, expected]) => {
  expect(found(rule, disks)).toEqual(expected);
});

test('a label that a sample does not have is the empty text, as in Prometheus', () => {
  const readings = { used_pct: { samples: [{ labels: { mount: '/' }, value: 99 }] } };
  expect(found('used_pct{device=""}>90', readings)).toEqual(['fired /']);
  expect(found('used_pct{device!=""}>90', readings)).toEqual(['unknown']);
});

test.for([
  ['>', 5, [false, false, true]],
  ['>=', 5, [false, true, true]],
  ['<', 5, [true, false, false]],
  ['<=', 5, [true, true, false]],
  ['==', 5, [false, true, false]],
  ['!=', 5, [true, false, true]],
] as const)('load1 %s %d', ([operator, limit, expected]) => {
  const states = [4, 5, 6].map((value) =>
    found(`load1 ${operator} ${limit}`, { load1: { samples: [{ labels: {}, value }] } }),
  );
  expect(states).toEqual(expected.map((fires) => [fires ? 'fired' : 'ok']));
});

test('a rule that matches nothing is unknown, and says what there is', () => {
  const [result] = evaluate('used_pct{mount="/vra"} > 90', disks);
  expect(result).toMatchObject({ state: 'unknown', metric: 'used_pct', labels: { mount: '/vra' } });
  expect(result!.message).toBe('nothing here matches used_pct{mount="/vra"}; the nearest is mount="/var"');
  expect(evaluate('used_pct{mount="/vra"} > 90', disks, { allowMissing: true })[0]!.state).toBe('missing');
});

test('a metric that the machine does not have is unknown, and says why', () => {
  const [result] = evaluate('load1 > 1', { load1: { unavailable: 'this machine has no load' } });
  expect(result).toMatchObject({ state: 'unknown', message: 'nothing here matches load1: this machine has no load' });
});

test('what could not be read is unknown and hides nothing', () => {
  const dead = { labels: { mount: '/mnt', device: 'nfs' }, message: 'timed out' };
  const readings = { used_pct: { ...disks['used_pct']!, unreadable: [dead] } };
  expect(found('used_pct>90', readings)).toEqual(['ok / sda', 'fired /var sdb', 'unknown /mnt nfs']);
  expect(evaluate('used_pct>90', readings)[2]!.message).toBe('used_pct{mount="/mnt"} could not be read: timed out');
  expect(found('used_pct{mount="/var"}>90', readings)).toEqual(['fired /var sdb']);
  // It is there, so --allow-missing has nothing to do with it.
  expect(found('used_pct{mount="/mnt"}>90', readings, { allowMissing: true })).toEqual(['unknown /mnt nfs']);
});

test('a label of what could not be read, when it is not known, may be the one that the rule asks for', () => {
  const readings = { used_pct: { ...disks['used_pct']!, unreadable: [{ labels: { mount: '/x' }, message: 'io' }] } };
  expect(found('used_pct{device="sdc"}>90', readings)).toEqual(['unknown /x']);
  expect(found('used_pct{device="sdc",mount="/y"}>90', readings)).toEqual(['unknown sdc /y']);
});

test('a forecast with too little history is not yet known, which is no error', () => {
  const readings = {
    full_in: { notYetKnown: [{ labels: root, message: 'wait' }], samples: [{ labels: home, value: Infinity }] },
  };
  const results = evaluate('full_in < 24h', readings);
  expect(results.map(({ state }) => state)).toEqual(['ok', 'not yet known']);
  expect(results[0]).not.toHaveProperty('value');
  expect(results[0]!.message).toBe('full_in{mount="/var"} is never, limit < 1d');
  expect(results[1]!.message).toBe('full_in{mount="/"} is not yet known: wait');
});

test('a value that is no number is unknown', () => {
  expect(found('load1 < 1', { load1: { samples: [{ labels: {}, value: Number.NaN }] } })).toEqual(['unknown']);
});

test('what a complete list does not name counts 0', () => {
  const listening = { samples: [{ labels: { port: '22', address: '::' }, value: 1 }], absentIsZero: true };
  expect(found('listening{port="443"} < 1', { listening })).toEqual(['fired 443']);
  expect(found('listening{port="22"} < 1', { listening })).toEqual(['ok 22 ::']);
  const gap = { labels: {}, message: 'unread' };
  expect(found('listening{port="443"} < 1', { listening: { ...listening, unreadable: [gap] } })).toEqual(['unknown']);
  expect(found('listening{port="443"} < 1', { listening: { ...listening, samples: [], unavailable: 'no' } })).toEqual([
    'unknown 443',
  ]);
});

test('a filesystem is found under its other mount points, but not again by a matcher that excludes', () => {
  const readings = {
    used_pct: { samples: [{ labels: root, alternatives: [{ mount: '/home', device: 'sda' }], value: 95 }] },
  };
  expect(found('used_pct>90', readings)).toEqual(['fired / sda']);
  expect(found('used_pct{mount="/home"}>90', readings)).toEqual(['fired /home sda']);
  expect(found('used_pct{mount=~"/ho.*"}>90', readings)).toEqual(['fired /home sda']);
  expect(found('used_pct{mount!="/"}>90', readings)).toEqual(['unknown']);
  expect(found('used_pct{device="sda",mount!="/"}>90', readings)).toEqual(['unknown sda']);
});

const inodes: Readings = {
  ...disks,
  inodes_pct: {
    samples: [
      { labels: root, value: 96 },
      { labels: home, value: 97 },
    ],
  },
  load1: { samples: [{ labels: {}, value: 8 }] },
};

test("'and' joins instances with equal labels", () => {
  expect(found('used_pct>90 and inodes_pct>90', inodes)).toEqual(['ok / sda', 'fired /var sdb']);
  expect(evaluate('used_pct>90 and inodes_pct>90', inodes)[1]!.message).toBe(
    'used_pct{mount="/var"} is 93.1 %, limit > 90 %; inodes_pct{mount="/var"} is 97 %, limit > 90 %',
  );
});

test('a value without labels joins with everything, from either side', () => {
  expect(found('load1>4 and used_pct>90', inodes)).toEqual(['ok / sda', 'fired /var sdb']);
  expect(found('used_pct>90 and load1>4', inodes)).toEqual(['ok / sda', 'fired /var sdb']);
  expect(found('used_pct>90 and load1>9', inodes)).toEqual(['ok / sda', 'ok /var sdb']);
  expect(evaluate('load1>4 and used_pct>90', inodes)[1]).toMatchObject({ metric: 'load1', value: 8 });
});

test('instances of different metrics join on the labels that both have', () => {
  const utilization = { samples: [{ labels: { device: 'sdb' }, value: 100 }] };
  expect(found('used_pct>90 and utilization>90', { ...disks, utilization })).toEqual(['fired /var sdb']);
  const other = { samples: [{ labels: { device: 'sdz' }, value: 100 }] };
  const [result] = evaluate('used_pct>90 and utilization>90', { ...disks, utilization: other });
  expect(result).toMatchObject({
    state: 'unknown',
    message: expect.stringContaining('used_pct and utilization share'),
  });
});

test('an instance without a partner drops out of an and, and stays in an or', () => {
  const some = { ...disks, inodes_pct: { samples: [{ labels: root, value: 96 }] } };
  expect(found('used_pct>90 and inodes_pct>90', some)).toEqual(['ok / sda']);
  expect(found('used_pct>90 or inodes_pct>90', some)).toEqual(['fired / sda', 'fired /var sdb']);
});

test("'or' has the instances of both sides", () => {
  expect(found('load1>4 or used_pct>90', inodes)).toEqual(['fired', 'ok / sda', 'fired /var sdb']);
  expect(found('used_pct>90 or inodes_pct>90', inodes)).toEqual(['fired / sda', 'fired /var sdb']);
});

test('a comparison that matches nothing is reported also where the other side of an or is well or fires', () => {
  expect(found('used_pct{mount="/"}>90 or used_pct{mount="/gone"}>90', disks)).toEqual(['ok / sda', 'unknown /gone']);
  expect(found('used_pct{mount="/var"}>90 or used_pct{mount="/gone"}>90', disks)).toEqual([
    'fired /var sdb',
    'unknown /gone',
  ]);
  expect(found('used_pct{mount="/var"}>90 and used_pct{mount="/gone"}>90', disks)).toEqual(['unknown /gone']);
  expect(found('used_pct>90 or used_pct{mount="/gone"}>90', disks, { allowMissing: true })).toEqual([
    'ok / sda',
    'fired /var sdb',
    'missing /gone',
  ]);
});

test('two samples with equal labels are one instance in an or, and neither hides the other', () => {
  const twice = { ...inodes, used_pct: { samples: [...disks['used_pct']!.samples!, { labels: home, value: 5 }] } };
  expect(found('used_pct>90 or load1>9', twice)).toEqual(['ok / sda', 'fired /var sdb', 'ok']);
});

test('a name is passed on, and labels cannot break the line', () => {
  const rule = parseRule('used_pct>90', metrics);
  const samples = [{ labels: { mount: '/a\n\u001b[2J\u202e"' }, value: 91 }];
  const [result] = evaluateRule(rule, () => ({ samples }), { severity: 'warning', name: 'disks' });
  expect(result).toMatchObject({ name: 'disks', severity: 'warning' });
  expect(result!.message).toBe('used_pct{mount="/a\\n\\u001b[2J\\u202e\\""} is 91 %, limit > 90 %');
});

test.for([
  ['used_pct > 90', 90.001, 'used_pct is 90.001 %, limit > 90 %'],
  ['available < 5GiB', 1024 ** 3, 'available is 1.00 GiB, limit < 5.00 GiB'],
  ['available < 5GiB', 5 * 1024 ** 3 - 1, 'available is 5368709119 bytes, limit < 5368709120 bytes'],
  ['full_in < 24h', 7200, 'full_in is 2h, limit < 1d'],
  ['load1 > 1.5', 2.345, 'load1 is 2.35, limit > 1.5'],
  ['read_only == true', 1, 'read_only is true, limit == 1'],
] as const)('%s of %d is told as %j', ([rule, value, expected]) => {
  const reading = { samples: [{ labels: {}, value }] };
  expect(evaluateRule(parseRule(rule, metrics), () => reading, { severity: 'critical' })[0]!.message).toBe(expected);
});

type Value = number | 'unknown' | 'not yet';

function gapOrSample(value: Value): Partial<Reading> {
  const gap = [{ labels: {}, message: '' }];
  if (value === 'unknown') return { unreadable: gap };
  return value === 'not yet' ? { notYetKnown: gap } : { samples: [{ labels: {}, value }] };
}

/** A rule and Kleene's value of it as a number: false 0, not known 0.5, true 1. */
interface Expression {
  text: string;
  truth: (load1: Value, sessions: Value) => number;
}

function leaf(name: 'load1' | 'sessions', limit: number): Expression {
  const truth: Expression['truth'] = (load1, sessions) => {
    const value = name === 'load1' ? load1 : sessions;
    return typeof value === 'number' ? Number(value > limit) : 0.5;
  };
  return { text: `${name} > ${limit}`, truth };
}

test('in every rule over values without labels, the state is what three-valued logic says', () => {
  const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small' },
      fc
        .tuple(fc.constantFrom<'load1' | 'sessions'>('load1', 'sessions'), fc.nat(3))
        .map(([name, limit]) => leaf(name, limit)),
      fc.tuple(tie('expression'), fc.constantFrom('and', 'or'), tie('expression')).map(([a, kind, b]) => ({
        text: `(${a.text}) ${kind} (${b.text})`,
        truth: (x: Value, y: Value) => Math[kind === 'and' ? 'min' : 'max'](a.truth(x, y), b.truth(x, y)),
      })),
    ),
  }));
  const value = fc.oneof(fc.nat(4), fc.constantFrom('unknown' as const, 'not yet' as const));
  fc.assert(
    fc.property(expression, value, value, ({ text, truth }, load1, sessions) => {
      fc.pre(text.length <= 4096);
      const results = evaluate(text, { load1: gapOrSample(load1), sessions: gapOrSample(sessions) });
      const known: Partial<Record<RuleResult['state'], number>> = { ok: 0, fired: 1 };
      expect(results.map(({ state }) => known[state] ?? 0.5)).toEqual([truth(load1, sessions)]);
    }),
    { numRuns: 1000 },
  );
});
