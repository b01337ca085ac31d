/** What all commands read beside their command line. */

export const environment: readonly (readonly [name: string, meaning: string])[] = [
  ['DEVOPS_CONFIG', 'Path of the configuration; --config goes before it.'],
  [
    'NO_COLOR, FORCE_COLOR, TERM',
    'Whether colours are printed: NO_COLOR of any value and TERM=dumb turn them off, FORCE_COLOR turns them on without a terminal.',
  ],
  [
    'XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_CACHE_HOME',
    'Where files of a user are, as the XDG Base Directory Specification has it.',
  ],
  ['STATE_DIRECTORY, CACHE_DIRECTORY', 'Where systemd wants the files of a unit to be (systemd.exec(5)).'],
];

export const files: readonly (readonly [path: string, meaning: string])[] = [
  [
    './devops.yaml, ~/.config/devops/devops.yaml, /etc/devops/devops.yaml',
    'Configuration: the first that is there is read, and no other.',
  ],
  ['/var/lib/devops, ~/.local/state/devops', 'What has to survive from run to run: of root, and of everybody else.'],
  ['/var/cache/devops, ~/.cache/devops', 'What can be made again.'],
  ['/run/devops, ~/.local/state/devops/locks', 'Locks.'],
];
