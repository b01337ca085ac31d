import { expect, test } from 'vitest';
import type { LoadedConfig } from '../../../src/lib/config/load-config.ts';
import { configSettings } from '../../../src/lib/config/show.ts';

const places: Record<string, number> = {
  'sysinfo.sections[0]': 2,
  'sysinfo.sections[1]': 3,
  'sysinfo.rules[0].if': 5,
  'sysinfo.skip': 6,
};

const loaded: LoadedConfig = {
  path: '/etc/devops/devops.yaml',
  origin: 'search',
  config: {
    sysinfo: {
      sections: ['cpu', 'os'],
      skip: [],
      rules: [{ if: 'a > 1', severity: 'critical', allow_missing: false }],
    },
  },
  source: (key) => (key in places ? { file: '/etc/devops/devops.yaml', line: places[key]!, column: 3 } : 'default'),
};

test('every value is shown with where it comes from, the file first', () => {
  const file = '/etc/devops/devops.yaml';
  expect(configSettings(loaded)).toEqual([
    { key: 'config', value: file, source: 'default' },
    { key: 'sysinfo.sections[0]', value: 'cpu', source: `${file}:2:3` },
    { key: 'sysinfo.sections[1]', value: 'os', source: `${file}:3:3` },
    { key: 'sysinfo.skip', value: [], source: `${file}:6:3` },
    { key: 'sysinfo.rules[0].if', value: 'a > 1', source: `${file}:5:3` },
    { key: 'sysinfo.rules[0].severity', value: 'critical', source: 'default' },
    { key: 'sysinfo.rules[0].allow_missing', value: false, source: 'default' },
  ]);
});

test('who named the file is told', () => {
  const [byOption] = configSettings({ ...loaded, origin: 'option' });
  const [byEnvironment] = configSettings({ ...loaded, origin: 'environment' });
  expect(byOption!.source).toBe('--config');
  expect(byEnvironment!.source).toBe('environment DEVOPS_CONFIG');
});

test('without a file there is one line that says so', () => {
  expect(configSettings({ origin: 'search', config: {}, source: () => 'default' })).toEqual([
    { key: 'config', value: null, source: 'default' },
  ]);
});
