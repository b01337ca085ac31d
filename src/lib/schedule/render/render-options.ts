import { UserError } from '../../errors/user-error.ts';
import { printable } from '../../text/printable.ts';
import { type RenderTarget, renderTargets } from './rendered.ts';

/** What `devops schedule render` was told. */
export interface RenderOptions {
  to?: string | undefined;
  install?: true | undefined;
  diff?: true | undefined;
  remove?: true | undefined;
  dir?: string | undefined;
  user?: string | undefined;
  image?: string | undefined;
  namespace?: string | undefined;
  stateClaim?: string | undefined;
}

export type RenderMode = 'render' | 'install' | 'diff' | 'remove';

/** Throws UserError (usage) for another word. */
export function targetOf(text: string): RenderTarget {
  const target = renderTargets.find((name) => name === text);
  if (target !== undefined) return target;
  throw new UserError(`there is no target '${printable(text)}'`, {
    code: 'usage',
    hints: [`targets are ${renderTargets.join(', ')}`],
  });
}

/** Throws UserError (usage) for options that do not go together, or not with the target. */
export function checkRenderOptions(
  options: RenderOptions,
  names: readonly string[],
): { target: RenderTarget; mode: RenderMode } {
  const usage = (message: string, hint: string) => new UserError(message, { code: 'usage', hints: [hint] });
  if (options.to === undefined) throw usage('--to is missing', `write one of --to ${renderTargets.join(', --to ')}`);
  const target = targetOf(options.to);
  const modes = (['install', 'diff', 'remove'] as const).filter((mode) => options[mode] === true);
  if (modes.length > 1) throw usage(`--${modes[0]} and --${modes[1]} do not go together`, 'choose one of them');
  const mode = modes[0] ?? 'render';
  if (mode === 'remove' && names.length > 0) {
    throw usage(
      '--remove takes out all of this devops.yaml',
      'to keep some, name those that are to stay with --install',
    );
  }
  const places: [keyof RenderOptions, readonly RenderTarget[]][] = [
    ['dir', ['systemd', 'kubernetes']],
    ['user', ['systemd']],
    ['image', ['kubernetes']],
    ['namespace', ['kubernetes']],
    ['stateClaim', ['kubernetes']],
  ];
  for (const [name, targets] of places) {
    const long = name === 'stateClaim' ? 'state-claim' : name;
    if (options[name] !== undefined && !targets.includes(target))
      throw usage(`--${long} is not for ${target}`, `it is for ${targets.join(' and ')}`);
  }
  if (options.dir !== undefined && mode === 'render')
    throw usage('--dir is for --install, --diff and --remove', 'add one of them');
  if (target === 'kubernetes' && mode !== 'remove' && (options.image ?? '') === '') {
    throw usage(
      '--to kubernetes needs --image',
      'name an image that has devops and what the jobs need: --image registry.example/devops:1',
    );
  }
  return { target, mode };
}
