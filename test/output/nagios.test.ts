import { expect, test } from 'vitest';
import type { PerformanceData } from '../../src/lib/results/metric.ts';
import type { Verdict } from '../../src/lib/results/verdict.ts';
import { createRenderer } from '../../src/output/nagios.ts';
import type { Ending, RenderSetup } from '../../src/output/renderer.ts';
import { hostileNames } from '../support/invented/record-commands.ts';
import { parsePluginOutput } from '../support/nagios-grammar.ts';
import { runDevops } from '../support/run-devops.ts';

test.each([
  ['many ok', 'OK', 'a: a is ok'],
  ['group one ok', 'OK', 'a: a is ok'],
  ['many ok ok', 'OK', '2 checks ok'],
  ['many ok unknown critical warning', 'CRITICAL', 'c: c is critical; b: b is unknown; d: d is warning'],
  ['many ok --closing warning', 'WARNING', 'the whole: it is warning'],
  ['group one unknown', 'UNKNOWN', 'a: a is unknown'],
])('%s is one line with the worst first', async (line, status, message) => {
  const { stdout } = await runDevops(`${line} -o nagios`);
  expect(parsePluginOutput(stdout)).toMatchObject({ status, message, long: [] });
});

test('more than three findings are counted in the first line and listed below it', async () => {
  const { stdout } = await runDevops('many ok warning warning warning warning critical -o nagios');
  const { message, long } = parsePluginOutput(stdout);
  expect(message).toBe('f: f is critical; b: b is warning; c: c is warning; and 2 more');
  expect(long).toHaveLength(5);
  expect(long[0]).toBe('CRITICAL: f: f is critical');
});

test('performance data keeps labels, units, ranges and limits', async () => {
  const { performance } = parsePluginOutput((await runDevops('many ok ok -o nagios')).stdout);
  const common = { unit: 'B', warning: '80', critical: '@10:20', minimum: '0', maximum: '' };
  expect(performance).toEqual([
    { label: 'a', value: 10, ...common },
    { label: 'b', value: 20, ...common },
  ]);
});

test('hostile names keep within the grammar, and a failed item has no performance data', async () => {
  const { performance } = parsePluginOutput((await runDevops('hostile -o nagios')).stdout);
  expect(performance).toHaveLength(hostileNames.length);
  expect(performance.map(({ label }) => label)).toContain("a/b;c_'d' e_f");
  expect(parsePluginOutput((await runDevops('hostile --fail -o nagios')).stdout).performance).toEqual([]);
});

test.each([
  [0, '0'],
  [-0, '0'],
  [0.1 + 0.2, '0.3'],
  [0.00042, '0.00042'],
  [1e-9, '0'],
  [100, '100'],
  [-1.5, '-1.5'],
  [1e15, '1000000000000000'],
  [1e21, '1000000000000000000000'],
  [Number.NaN, 'U'],
  [Infinity, 'U'],
])('%d in performance data is %s: the grammar has no exponents', (value, text) => {
  const { performance } = parsePluginOutput(render([], [{ label: 'x', value, minimum: value, maximum: value }]));
  expect(performance[0]).toMatchObject({
    value: text === 'U' ? text : Number(text),
    minimum: text === 'U' ? '' : text,
    maximum: text === 'U' ? '' : text,
  });
});

test.each(['x', '日', '👩‍👩‍👧', '\uD800', "'", '|'])(
  'with a thousand long findings of %j it is still what Nagios reads whole',
  (character) => {
    const verdicts = Array.from({ length: 1000 }, (_, at): Verdict => ({
      status: 'critical',
      subject: `${at}${character.repeat(300)}`,
      code: 'c',
      message: character.repeat(3000),
    }));
    const data = Array.from({ length: 1000 }, (_, at): PerformanceData => ({
      label: `${at}${character.repeat(40)}`,
      value: at,
    }));
    const output = parsePluginOutput(render(verdicts, data));
    expect(output.message).toContain('and 997 more');
    expect(output.performance.length).toBeGreaterThan(3);
  },
);

function render(verdicts: readonly Verdict[], data: readonly PerformanceData[]): string {
  const metricsOf = () =>
    data.map((performance) => ({ name: 'x', help: 'x', type: 'gauge' as const, value: 0, performance }));
  const setup: Partial<RenderSetup> = { metricsOf, name: 'config check', failOn: 'warning' };
  const renderer = createRenderer(setup as RenderSetup);
  const ending: Ending = { verdicts: [{ status: 'ok', subject: 's', code: 'c', message: 'm' }] };
  return renderer.record({}, verdicts) + renderer.end(ending);
}
