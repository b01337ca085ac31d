import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readCron } from '../../src/lib/schedule/cron/read-cron.ts';
import { runRealDevops } from '../support/run-real-devops.ts';
import { bin, node } from '../support/start-devops.ts';

// What docs/cron.md says is done: below a folder of ours instead of /etc/devops and /usr/local/bin.
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-cron-guide-')));
afterAll(() => rmSync(folder, { recursive: true }));

const guide = readFileSync(join(import.meta.dirname, '../../docs/cron.md'), 'utf8');
const blocks = [...guide.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text]) => ({ language, text: text! }));
const ofLanguage = (language: string) => blocks.filter((block) => block.language === language).map(({ text }) => text);

const here = (text: string): string =>
  text
    .replaceAll('/etc/devops', folder)
    .replaceAll(/\/usr\/local\/bin\/(?=backup)/g, `${folder}/bin/`)
    .replaceAll('[/usr/local/bin', `[${folder}/bin`)
    .replaceAll('/srv', folder);
const env = {
  PATH: `${folder}/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
  HOME: folder,
  STATE_DIRECTORY: join(folder, 'state'),
  DEVOPS_CONFIG: join(folder, 'devops.yaml'),
};

mkdirSync(join(folder, 'bin'));
program('devops', [`exec '${node}' '${bin}' "$@"`]);
program('backup-db', ['echo dumped']);
program('make-report', []);
// What crontab(1) answers, with a file in the place of its spool.
program('crontab', [
  `case $1 in -l) cat ${folder}/spool 2>&- || { echo no crontab for us >&2; exit 1; } ;; -) cat > ${folder}/spool ;; esac`,
]);
for (const name of ['pg-password', 'smtp-password']) writeFileSync(join(folder, name), 'secret\n', { mode: 0o600 });
writeFileSync(join(folder, 'healthchecks-url'), 'https://hc.example.org/ping/1\n', { mode: 0o600 });
const settings = ofLanguage('yaml');
writeFileSync(env.DEVOPS_CONFIG, here(settings[0]!), { mode: 0o600 });

function program(name: string, lines: readonly string[]): void {
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${lines.join('\n')}\n`, { mode: 0o755 });
}

describe('docs/cron.md', () => {
  test.each(settings.map((text) => [/^ {2}([\w-]+):/m.exec(text)?.[1] ?? '', text]))(
    'the settings of %s are without a mistake',
    async (_, text) => {
      const file = join(folder, 'checked.yaml');
      writeFileSync(file, here(text), { mode: 0o600 });
      const path = `${folder}/bin:/usr/bin:/bin`;
      const { code, stdout } = await runRealDevops(['config', 'check', '--config', file], {
        cwd: folder,
        env: { ...env, PATH: path },
      });
      expect(stdout).toBe(`ok: ${file}: no mistakes\n`);
      expect(code).toBe(0);
    },
  );

  test.each(ofLanguage('console').flatMap(stepsOf))('$ %s', (command, shown) => {
    const { stdout, stderr, status } = spawnSync('/bin/sh', ['-c', here(command)], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    const said = stderr + stdout;
    expect(status, said).toBe(0);
    if (shown !== '') expect(said).toMatch(patternOf(here(shown)));
  });

  test.each(
    ofLanguage('sh')
      .join('')
      .split('\n')
      .filter((line) => line.startsWith('devops ')),
  )('%s is understood', async (line) => {
    const { said, missing } = await askHelp(line.replace(/ +#.*/, ''));
    expect([said, missing]).toEqual(['', []]);
  });

  test.each(
    ofLanguage('crontab')
      .join('')
      .split('\n')
      .filter((line) => /^[\d*]/.test(line)),
  )('%s has a time that cron knows and a command that we know', async (line) => {
    const [, time, command] = /^((?:\S+\s+){4}\S+)\s+(.*)$/.exec(line)!;
    expect(() => readCron(time!)).not.toThrow();
    // The crontab's way to end a command.
    expect(command).not.toContain('%');
    const { said, missing } = await askHelp(command!);
    expect([said, missing]).toEqual(['', []]);
  });

  test('every link within it leads somewhere', () => {
    const titles = [...guide.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      title!.toLowerCase().replaceAll(/[^\w -]/g, ''),
    );
    const anchors = titles.map((title) => title.replaceAll(' ', '-'));
    for (const [, anchor] of guide.matchAll(/\]\(#([\w-]+)\)/g)) expect(anchors).toContain(anchor);
  });
});

/** A command and what is shown below it. */
function stepsOf(text: string): [string, string][] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((step) => [step.slice(0, step.indexOf('\n')), step.slice(step.indexOf('\n') + 1)]);
}

/** `…` is anything, and in a line of its own any lines. */
function patternOf(shown: string): RegExp {
  const escaped = shown.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll(/^…\n/gm, '[^]*').replaceAll('…', '.*')}$`);
}

/** What a command of ours says against its line, and the options that its help does not have. */
async function askHelp(line: string): Promise<{ said: string; missing: string[] }> {
  if (!line.startsWith('devops ')) return { said: '', missing: [] };
  const words = [...line.replace(/ > .*/, '').matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);
  const { code, stdout, stderr } = await runRealDevops([...words.slice(1), '--help'], { cwd: folder, env });
  const missing = words.filter((word) => word.startsWith('--') && !stdout.includes(word));
  return { said: code === 0 ? stderr : `exit ${code}: ${stderr}`, missing };
}
