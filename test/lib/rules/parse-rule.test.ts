import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../../src/lib/errors/user-error.ts';
import type { DeclaredMetric, MetricUnit } from '../../../src/lib/rules/declared-metric.ts';
import { parseRule } from '../../../src/lib/rules/parse-rule.ts';
import type { Comparison, Condition, Matcher, Rule } from '../../../src/lib/rules/rule.ts';
import { metricsOf } from '../../../src/lib/rules/rule.ts';

function declare(name: string, unit: MetricUnit, labels: string[] = [], furtherLabels: string[] = []): DeclaredMetric {
  return { name, unit, help: '', labels, furtherLabels };
}

const declared = [
  declare('disk.used_pct', 'percent', ['mount'], ['device', 'fstype']),
  declare('disk.available', 'bytes', ['mount'], ['device', 'fstype']),
  declare('disk.full_in', 'seconds', ['mount']),
  declare('disk.read_only', 'boolean', ['mount']),
  declare('io.read', 'bytes_per_second', ['device']),
  declare('sensor.celsius', 'celsius', ['chip', 'label']),
  declare('cpu.load1', 'ratio'),
  declare('service.failed', 'count'),
];
const metrics = new Map(declared.map((metric) => [metric.name, metric]));
metrics.set('load1', metrics.get('cpu.load1')!);

const parse = (text: string): Rule => parseRule(text, metrics);

function comparison(text: string): Comparison {
  const { condition } = parse(text);
  if (condition.kind !== 'comparison') throw new Error(`${text} is no single comparison`);
  return condition;
}

function refusal(text: string): UserError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

test('a comparison has a metric, matchers, an operator and a limit', () => {
  const rule = parse('disk.used_pct{mount="/var", fstype!~"tmpfs|squashfs",} >= 92.5%');
  expect(rule).toEqual({
    text: 'disk.used_pct{mount="/var", fstype!~"tmpfs|squashfs",} >= 92.5%',
    condition: {
      kind: 'comparison',
      metric: metrics.get('disk.used_pct'),
      matchers: [
        { label: 'mount', operator: '=', value: '/var' },
        { label: 'fstype', operator: '!~', value: 'tmpfs|squashfs' },
      ],
      operator: '>=',
      limit: 92.5,
    },
  });
});

test('an alias is another name of its metric', () => {
  expect(comparison('load1>4').metric.name).toBe('cpu.load1');
});

test.for([
  ['disk.used_pct>90', 90],
  ['disk.used_pct>90%', 90],
  ['disk.used_pct > 90 %', 90],
  ['disk.available<4096', 4096],
  ['disk.available<5GiB', 5 * 1024 ** 3],
  ['disk.available<5 GiB', 5 * 1024 ** 3],
  ['disk.available<500M', 500 * 1024 ** 2],
  ['disk.available<1.5kB', 1500],
  ['disk.available<2PB', 2e15],
  ['io.read>50MiB', 50 * 1024 ** 2],
  ['io.read>50MiB/s', 50 * 1024 ** 2],
  ['disk.full_in<24h', 86_400],
  ['disk.full_in<2h30m', 9000],
  ['disk.full_in<90', 90],
  ['disk.full_in<7d', 604_800],
  ['disk.read_only==true', 1],
  ['disk.read_only == false', 0],
  ['disk.read_only>0', 0],
  ['sensor.celsius<-5', -5],
  ['load1>1.5', 1.5],
] as const)('%s compares with %d', ([text, limit]) => {
  expect(comparison(text).limit).toBe(limit);
});

test("'and' binds tighter than 'or', and parentheses bind tightest", () => {
  const shape = (condition: Condition): unknown =>
    condition.kind === 'comparison' ? condition.limit : { [condition.kind]: condition.operands.map(shape) };
  expect(shape(parse('load1>1 or load1>2 and load1>3 or load1>4').condition)).toEqual({ or: [1, { and: [2, 3] }, 4] });
  expect(shape(parse('(load1>1 or load1>2) and load1>3').condition)).toEqual({ and: [{ or: [1, 2] }, 3] });
  expect(shape(parse('load1>1 AND (load1>2 and load1>3)').condition)).toEqual({ and: [1, { and: [2, 3] }] });
});

test("'for' belongs to the whole rule", () => {
  expect(parse('load1>1 or load1>2 for 1h30m').forSeconds).toBe(5400);
  expect(parse('load1>1 for 15 m').forSeconds).toBe(900);
  expect(parse('load1>1').forSeconds).toBeUndefined();
});

test('metricsOf names each metric once, in the order of the text', () => {
  const rule = parse('load1>1 or disk.full_in<1h and cpu.load1>2');
  expect(metricsOf(rule.condition).map(({ name }) => name)).toEqual(['cpu.load1', 'disk.full_in']);
});

test.for([
  ['', 1, 'expected the name of a metric', 'write a rule'],
  ['disk.usd_pct>9', 1, 'no metric disk.usd_pct', 'did you mean disk.used_pct?'],
  ['disk.qqqqqqqq>9', 1, 'no metric disk.qqqqqqqq', 'disk.used_pct, disk.available'],
  ['constructor>9', 1, 'no metric constructor', 'disk.*, io.*'],
  ['disk.used_pct>5GiB', 15, 'disk.used_pct is in percent', 'a number from 0 to 100'],
  ['disk.used_pct>900', 15, 'disk.used_pct is in percent', 'a number from 0 to 100'],
  ['disk.used_pct>-1', 15, 'disk.used_pct is in percent', 'a number from 0 to 100'],
  ['disk.available<50%', 16, 'disk.available is in bytes', 'such as 5GiB'],
  ['disk.available<24h', 16, 'disk.available is in bytes', 'such as 5GiB'],
  ['disk.available<-5G', 16, 'disk.available is in bytes', 'such as 5GiB'],
  ['disk.full_in<5GiB', 14, 'disk.full_in is in seconds', '24h'],
  ['load1>50%', 7, 'cpu.load1 is a plain number', 'bare number'],
  ['load1>true', 7, 'cpu.load1 is a plain number', 'bare number'],
  ['disk.read_only==yes', 17, 'disk.read_only is true or false', 'true or false'],
  ['disk.used_pct{mout="/"}>9', 15, 'has no label mout', 'did you mean mount?'],
  ['disk.used_pct{zzz="/"}>9', 15, 'has no label zzz', 'mount, device, fstype'],
  ['load1{cpu="0"}>9', 7, 'cpu.load1 has no label cpu', 'no labels at all'],
  ['disk.used_pct{constructor="/"}>9', 15, 'has no label constructor', 'mount, device, fstype'],
  ['disk.used_pct{mount=="/"}>9', 20, 'expected one of = != =~ !~', 'write = between'],
  ['disk.used_pct{mount=/}>9', 21, '"/" has no meaning here', 'write a rule'],
  ['disk.used_pct{mount=var}>9', 21, 'expected a text in quotes', 'write a rule'],
  ['disk.used_pct{mount="/}>9', 21, 'the text in quotes has no end', 'close it with "'],
  ['disk.used_pct{mount="\\d"}>9', 22, 'a backslash in quotes', 'write \\\\'],
  ['disk.used_pct{mount="/" device="x"}>9', 25, "expected ',' or '}'", 'write a rule'],
  ['disk.used_pct{mount=~"(a"}>9', 22, 'a ( without its )', 'whole value'],
  ['disk.used_pct=9', 14, 'expected one of > >= < <= == !=', 'write =='],
  ['disk.used_pct', 14, 'found the end of the rule', 'write a rule'],
  ['disk.used_pct>', 15, 'expected a number from 0 to 100', 'write a rule'],
  ['disk.used_pct>and', 15, "found 'and'", 'write a rule'],
  ['load1>"4"', 7, "cannot be compared with '4'", 'bare number'],
  ['load1>.5', 7, '"." has no meaning here', '0.5'],
  ['load1>1 && load1>2', 9, '"&" has no meaning here', "'and' and 'or'"],
  ['load1>1 load1>2', 9, "expected 'and', 'or', 'for' or the end", 'write a rule'],
  ['(load1>1', 9, "expected 'and', 'or' or ')'", 'write a rule'],
  ['load1>1)', 8, "expected 'and', 'or', 'for' or the end", 'write a rule'],
  ['(load1>1 for 5m)', 10, "'for' belongs to the whole rule", 'at the end'],
  ['load1>1 for', 12, 'expected a duration', 'for 15m'],
  ['load1>1 for 3 runs', 13, 'is not a duration', 'for 15m'],
  ['load1>1 for 5', 13, 'is not a duration', 'for 15m'],
  ['load1>1 for 5m or load1>2', 16, 'the end of the rule', 'write a rule'],
  ['é😀>1', 1, '"é" has no meaning here', 'write a rule'],
  ['disk.used_pct{mount="😀"}>x', 26, 'disk.used_pct is in percent', '0 to 100'],
  [`load1>${'9'.repeat(400)}`, 7, 'a plain number', 'bare number'],
] as const)('%s is refused at column %d: %s', ([text, column, message, hint]) => {
  const error = refusal(text);
  expect(error.code).toBe('usage');
  expect(error.message).toContain(`, column ${column}: `);
  expect(error.message).toContain(message);
  expect(error.hints.join()).toContain(hint);
});

test('a message is one short line, whatever the rule holds', () => {
  const error = refusal(`load1\n\u001b[31m${'x'.repeat(1000)}`);
  expect(error.message).toMatch(/^[ -~]{1,250}$/);
});

test('what would take time or stack is refused', () => {
  expect(refusal('('.repeat(4000)).message).toContain('50 parentheses');
  expect(refusal(`load1>1${' or load1>1'.repeat(1000)}`).message).toContain('longer than 4096');
  expect(parse(`load1>1${' or load1>1'.repeat(370)}`).condition).toMatchObject({ kind: 'or' });
});

const quote = (text: string): string =>
  `"${text.replaceAll(/[\\"\n\t]/g, (character) => ({ '\n': '\\n', '\t': '\\t' })[character] ?? `\\${character}`)}"`;

const limits: Record<MetricUnit, fc.Arbitrary<number>> = {
  percent: fc.integer({ min: 0, max: 1000 }).map((tenths) => tenths / 10),
  bytes: fc.nat(),
  bytes_per_second: fc.nat(),
  seconds: fc.nat(),
  celsius: fc.integer({ min: -100, max: 200 }),
  count: fc.nat(),
  per_second: fc.nat(),
  ratio: fc.integer({ min: -1e6, max: 1e6 }).map((hundredths) => hundredths / 100),
  boolean: fc.constantFrom(0, 1),
};

const anyComparison = fc.constantFrom(...declared).chain((metric): fc.Arbitrary<Comparison> => {
  const labels = [...metric.labels, ...(metric.furtherLabels ?? [])];
  const label = labels.length === 0 ? fc.constant('') : fc.constantFrom(...labels);
  const plain = fc.record({
    label,
    operator: fc.constantFrom<Matcher['operator']>('=', '!='),
    value: fc.string({ unit: 'binary' }),
  });
  const pattern = fc.record({
    label,
    operator: fc.constantFrom<Matcher['operator']>('=~', '!~'),
    value: fc.constantFrom('.*', '/var(/.+)?', 'sd[a-z]\\d{1,2}'),
  });
  return fc.record({
    kind: fc.constant('comparison' as const),
    metric: fc.constant(metric),
    matchers: labels.length === 0 ? fc.constant<Matcher[]>([]) : fc.array(fc.oneof(plain, pattern), { maxLength: 3 }),
    operator: fc.constantFrom<Comparison['operator']>('>', '>=', '<', '<=', '==', '!='),
    limit: limits[metric.unit],
  });
});

const { anyCondition } = fc.letrec<{ anyCondition: Condition }>((tie) => ({
  anyCondition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    anyComparison,
    fc.record({
      kind: fc.constantFrom<'and' | 'or'>('and', 'or'),
      operands: fc.array(tie('anyCondition'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));

function print(condition: Condition, space: string): string {
  if (condition.kind === 'comparison') {
    const { metric, matchers, operator, limit } = condition;
    const texts = matchers.map(
      (matcher) => `${matcher.label}${space}${matcher.operator}${space}${quote(matcher.value)}`,
    );
    const selector = texts.length === 0 ? '' : `{${texts.join(`${space},`)}}`;
    return `${metric.name}${selector}${space}${operator}${space}${limit}`;
  }
  // Everything but a comparison in parentheses, except an `and` in an `or`, which needs none.
  const texts = condition.operands.map((operand) => {
    const bare = operand.kind === 'comparison' || (condition.kind === 'or' && operand.kind === 'and');
    return bare ? print(operand, space) : `(${print(operand, space)})`;
  });
  return texts.join(` ${condition.kind} `);
}

test('a printed rule parses back into itself', () => {
  fc.assert(
    fc.property(anyCondition, fc.constantFrom('', ' ', '\n\t'), fc.option(fc.nat()), (condition, space, minutes) => {
      const text = `${print(condition, space)}${minutes === null ? '' : ` for ${minutes}m`}`;
      fc.pre(text.length <= 4096);
      const expected: Rule = { text, condition };
      if (minutes !== null) expected.forSeconds = minutes * 60;
      expect(parse(text)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

/** `known` for a rule and for a refusal; anything else that is thrown passes through. */
function outcome(text: string): 'known' {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  return 'known';
}

test('10,000 texts are parsed or refused with a UserError, and quickly', () => {
  const words = [
    'disk.used_pct',
    'load1',
    '{',
    '}',
    'mount',
    '=',
    '=~',
    '"',
    '"(a*)*"',
    '(',
    ')',
    '>',
    '90',
    '%',
    'and',
    'or',
  ];
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(fc.constantFrom(...words, 'for', '5m', ' ', '\\', '\0', 'é'), { maxLength: 40 })
      .map((parts) => parts.join('')),
    fc.array(fc.constantFrom(...words, 'for', '5m'), { maxLength: 40 }).map((parts) => parts.join(' ')),
  );
  const start = performance.now();
  fc.assert(
    fc.property(text, (rule) => {
      expect(outcome(rule)).toBe('known');
    }),
    { numRuns: 10_000 },
  );
  expect(performance.now() - start).toBeLessThan(10_000);
});
