import { expect, test } from 'vitest';
import { configCandidates } from '../../../src/lib/config/locate.ts';

const paths = (places: Parameters<typeof configCandidates>[0]): string[] =>
  configCandidates(places).map(({ path }) => path);

test('the usual places are the working directory, the folder of the user and /etc', () => {
  expect(configCandidates({ env: {}, cwd: '/project', homeDirectory: '/home/ann' })).toEqual([
    { path: '/project/devops.yaml', origin: 'search' },
    { path: '/home/ann/.config/devops/devops.yaml', origin: 'search' },
    { path: '/etc/devops/devops.yaml', origin: 'search' },
  ]);
});

test('$XDG_CONFIG_HOME takes the place of ~/.config, and is ignored when it is empty or relative', () => {
  const places = { cwd: '/project', homeDirectory: '/home/ann' };
  expect(paths({ ...places, env: { XDG_CONFIG_HOME: '/conf' } })[1]).toBe('/conf/devops/devops.yaml');
  expect(paths({ ...places, env: { XDG_CONFIG_HOME: '' } })[1]).toBe('/home/ann/.config/devops/devops.yaml');
  expect(paths({ ...places, env: { XDG_CONFIG_HOME: 'conf' } })[1]).toBe('/home/ann/.config/devops/devops.yaml');
});

test('who has no home has two places left', () => {
  expect(paths({ env: { HOME: '/somebody/else' }, cwd: '/project' })).toEqual([
    '/project/devops.yaml',
    '/etc/devops/devops.yaml',
  ]);
});

test('a named file is the only candidate, --config before $DEVOPS_CONFIG', () => {
  const env = { DEVOPS_CONFIG: 'there.yaml' };
  expect(configCandidates({ explicitPath: '../here.yaml', env, cwd: '/project/sub' })).toEqual([
    { path: '/project/here.yaml', origin: 'option' },
  ]);
  expect(configCandidates({ env, cwd: '/project' })).toEqual([{ path: '/project/there.yaml', origin: 'environment' }]);
});

test('an empty $DEVOPS_CONFIG names nothing', () => {
  expect(paths({ env: { DEVOPS_CONFIG: '' }, cwd: '/project' })).toEqual([
    '/project/devops.yaml',
    '/etc/devops/devops.yaml',
  ]);
});
