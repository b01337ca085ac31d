import { expect, test } from 'vitest';
import { needsOfRules } from '../../../src/lib/doctor/rule-needs.ts';

type Rule = { if: string; allow_missing?: boolean; hosts?: string[] };

function needs(...rules: Rule[]) {
  const config = {
    sysinfo: { rules: rules.map((rule) => ({ severity: 'critical', allow_missing: false, ...rule }) as const) },
  };
  return needsOfRules(config, 'web-1');
}

const nothing = { systemctl: false, stateFolder: false };

test('no rule needs nothing', () => {
  expect(needsOfRules({}, 'web-1')).toEqual(nothing);
  expect(needsOfRules({ sysinfo: {} }, 'web-1')).toEqual(nothing);
  expect(needs({ if: 'disk.used_pct > 90' }, { if: 'memory.available_pct < 10' })).toEqual(nothing);
});

test.each([
  [{ if: 'service.failed > 0' }, { systemctl: true }],
  [{ if: 'disk.used_pct > 90 or service.failed > 0' }, { systemctl: true }],
  [{ if: 'service.failed > 0', hosts: ['web-*', 'db-1'] }, { systemctl: true }],
  [{ if: 'service.failed > 0', hosts: ['db-*'] }, {}],
  [{ if: 'service.failed > 0', allow_missing: true }, {}],
  [{ if: 'disk.full_in < 24h' }, { stateFolder: true }],
  [{ if: 'load5 > 8 for 15m' }, { stateFolder: true }],
  [{ if: 'load5 > 8 for 15m', allow_missing: true }, { stateFolder: true }],
  [{ if: 'load5 > 8 for 15m', hosts: ['db-*'] }, {}],
])('%j needs %j', (rule: Rule, expected) => {
  expect(needs({ if: 'cpu.load1 > 100' }, rule)).toEqual({ ...nothing, ...expected });
});
