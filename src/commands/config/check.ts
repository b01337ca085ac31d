import { defineCommand, type Outcome, type Spec } from '../../command.ts';
import { paint } from '../../terminal/color.ts';
import { printable } from '../../lib/text/printable.ts';

/** One mistake in devops.yaml, or the word that there is none. */
export interface ConfigCheck {
  /** The file that was checked; absent when there is none. */
  file?: string;
  state: 'ok' | 'mistake';
  /** From 1. */
  line?: number;
  /** From 1, in UTF-16 code units as editors count. */
  column?: number;
  /** The way to the value, such as `sysinfo.rules[0].if`. */
  path?: string;
  message: string;
  hint?: string;
}

export default defineCommand({
  description: 'Check devops.yaml: its syntax, every key and value, every rule. Exits 2 when there is a mistake.',
  examples: [
    { command: 'devops config check', what: 'the file that devops would read here' },
    { command: 'devops config check --config devops.yaml --report junit=config.xml', what: 'as a CI step' },
  ],
  define: (spec: Spec) => spec,
  shape: 'many',
  async *run(ctx): AsyncGenerator<ConfigCheck, Outcome | void> {
    const { findProblems } = await import('../../lib/config/load-config.ts');
    const { path, problems } = await findProblems({
      explicitPath: ctx.configPath,
      env: ctx.env,
      cwd: ctx.cwd(),
      homeDirectory: ctx.homeDirectory(),
      uid: ctx.userId,
      productVersion: ctx.version,
      loadCheckRule: async () => (await import('../../lib/system/check-system-rule.ts')).checkSystemRule,
    });
    const file = path === undefined ? {} : { file: path };
    for (const problem of problems) yield { ...file, state: 'mistake', ...problem };
    if (problems.length > 0) return;
    yield {
      ...file,
      state: 'ok',
      message: path === undefined ? 'there is no devops.yaml: all is default' : 'no mistakes',
    };
  },
  verdicts: ({ file = 'devops.yaml', state, line, column, message, hint }) => [
    {
      status: state === 'ok' ? 'ok' : 'unknown',
      subject: line === undefined ? file : `${file}:${line}:${column}`,
      code: 'config',
      message,
      ...(hint === undefined ? {} : { hint }),
    },
  ],
  text({ file, state, line, column, path, message, hint }, screen) {
    if (state === 'ok') {
      const checked = file === undefined ? '' : `${printable(file)}: `;
      return `${paint(screen, 'green', 'ok')}: ${checked}${message}`;
    }
    const place = `${printable(file ?? '')}:${line}:${column}`;
    const subject = path === undefined || path === '' ? '' : `${printable(path)}: `;
    const advice = hint === undefined ? '' : `\n  ${paint(screen, 'dim', printable(hint))}`;
    return `${place}: ${subject}${printable(message)}${advice}`;
  },
});
