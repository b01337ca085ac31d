import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPrivateCron, rootEnvironment } from '../support/private-cron.ts';
import { bin, node } from '../support/start-devops.ts';

const privateCron = openPrivateCron('--install is not tried with the real crontab(1)');
const folder = mkdtempSync(join(tmpdir(), 'devops-real-crontab-'));
const config = join(folder, 'devops.yaml');
const foreign = '# mine\nMAILTO=me\n5 4 * * * mine 100\\% # END of it\n';

// All of it in one run, for what is mounted is gone with the last process inside; each step leaves files of its name.
const script = [
  'crontab foreign',
  'step() { name=$1; shift; code=0; "$@" > $name.out 2> $name.err < /dev/null || code=$?; echo $code > $name.code; crontab -l > $name.crontab; }',
  `render() { '${node}' '${bin}' --config '${config}' schedule render --to crontab "$@"; }`,
  'step different render --diff',
  'step unconfirmed render --install',
  'step installed render --install --yes',
  'step same render --diff',
  'step again render --install --yes',
  "crontab -l | sed 's/^30 2/45 2/' | crontab -",
  'step edited render --diff',
  'step mended render --install --yes',
  `cp '${config}' one; cp two '${config}'`,
  // Somebody saves an editor between our look and our writing.
  'PATH="$1/bin:$PATH" step meanwhile render --install --yes',
  'step both render --install --yes',
  'step removed render --remove --yes',
];

describe.skipIf(privateCron === undefined)('the real crontab(1)', () => {
  beforeAll(() => {
    writeFileSync(join(folder, 'foreign'), foreign);
    writeFileSync(config, jobs('backup'), { mode: 0o600 });
    writeFileSync(join(folder, 'two'), jobs('backup', 'report'));
    mkdirSync(join(folder, 'bin'));
    const real = '/usr/bin/crontab';
    writeFileSync(
      join(folder, 'bin/crontab'),
      `#!/bin/sh\nif [ "$1" = -l ] && [ -e looked ] && [ ! -e saved ]; then : > saved; { ${real} -l; echo '# theirs'; } | ${real} -; fi\n: > looked\nexec ${real} "$@"\n`,
      { mode: 0o755 },
    );
    const [program, ...args] = privateCron!.argv(folder, script);
    const { status, stderr } = spawnSync(program, args, { env: rootEnvironment, encoding: 'utf8', timeout: 60_000 });
    if (status !== 0 || stderr !== '') throw new Error(`exit ${status}: ${stderr}`);
  }, 70_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is compared and asked for first, and nothing is written', () => {
    expect(step('different')).toMatchObject({ code: 1, crontab: foreign });
    expect(step('unconfirmed')).toMatchObject({ code: 2, crontab: foreign });
  });

  test('gets the block behind what is there; then there is no difference and nothing to do', () => {
    const { code, crontab, err } = step('installed');
    expect(code).toBe(0);
    expect(crontab.startsWith(`${foreign}# BEGIN devops (config ${config})\n`)).toBe(true);
    expect(crontab).toMatch(/^30 2 \* \* \* PATH=.* run backup$/m);
    expect(step('same')).toMatchObject({ code: 0, out: 'same: crontab\n' });
    expect(step('again')).toMatchObject({ code: 0, out: 'unchanged: crontab\n', crontab });
    const kept = /the crontab as it was.*?(\/\S+)/.exec(err)?.[1] ?? '';
    expect(keptCrontabs()).toContain(foreign);
    expect(kept === '' || kept.startsWith('/var/lib/devops/')).toBe(true);
  });

  test('that somebody edited within the block is told, and made good', () => {
    expect(step('edited').code).toBe(1);
    expect(step('edited').out).toMatch(/^-45 2 .*\n\+30 2 /m);
    expect(step('mended').crontab).toBe(step('installed').crontab);
    expect(keptCrontabs()).toContain(step('edited').crontab);
  });

  test('that somebody changes meanwhile stays theirs, and the next try has both', () => {
    const { code, err, crontab } = step('meanwhile');
    expect([code, err]).toEqual([75, expect.stringContaining('changed by somebody else meanwhile')]);
    expect(crontab).toBe(`${step('mended').crontab}# theirs\n`);
    const both = step('both');
    expect(both.code).toBe(0);
    expect(both.crontab).toMatch(/ run backup\n.* run report\n# END devops\n# theirs\n$/);
  });

  test('has its own lines and nothing else when the block is taken out', () => {
    expect(step('removed')).toMatchObject({ code: 0, crontab: `${foreign}# theirs\n` });
  });
});

function step(name: string) {
  const read = (end: string): string => readFileSync(join(folder, `${name}.${end}`), 'utf8');
  return { code: Number(read('code')), out: read('out'), err: read('err'), crontab: read('crontab') };
}

function keptCrontabs(): string[] {
  const backups = join(folder, 'lib/devops/crontab-backup');
  return readdirSync(backups).map((name) => readFileSync(join(backups, name), 'utf8'));
}

function jobs(...names: string[]): string {
  return `jobs:\n${names.map((name) => `  ${name}: { run: [devops, sysinfo], schedule: '30 2 * * *' }\n`).join('')}`;
}
