import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ownMark, planFiles, writeFiles } from '../../../../src/lib/schedule/render/own-files.ts';
import { secondsOfRun } from '../../../../src/lib/schedule/render/seconds-of-run.ts';
import { systemctlLine, systemctlSteps } from '../../../../src/lib/schedule/render/systemctl.ts';
import { systemdWord } from '../../../../src/lib/schedule/render/systemd-word.ts';
import { renderSystemd, type SystemdSettings } from '../../../../src/lib/schedule/render/systemd.ts';
import { verifyUnits } from '../../../../src/lib/schedule/render/verify-units.ts';
import { requireProgram } from '../../../support/services.ts';
import { scheduledJob } from './scheduled-job.ts';

const analyze = requireProgram('systemd-analyze', 'the units are not checked by systemd itself');
const folder = mkdtempSync(join(tmpdir(), 'devops-systemd-'));
afterAll(() => rmSync(folder, { recursive: true }));

const settings: SystemdSettings = {
  node: process.execPath,
  program: '/opt/devops/bin/devops',
  config: '/etc/devops.yaml',
  userUnits: false,
  host: 'web1',
  lint: () => [],
};
const verify = (files: Parameters<typeof verifyUnits>[0], userUnits = false) =>
  verifyUnits(files, { env: process.env, signal: new AbortController().signal, userUnits });

describe('units', () => {
  const rich = scheduledJob({
    schedule: '30 2 1,15 * 1',
    timezone: 'Europe/Berlin',
    splaySeconds: 600,
    catchUp: 'latest',
    timeoutSeconds: 100,
    retry: { attempts: 3, backoff: { fromSeconds: 30, toSeconds: 600 } },
    overlap: { kind: 'wait', seconds: 50 },
  });

  test('have what a run needs', () => {
    const { files } = renderSystemd([rich], settings);
    expect(files.map(({ name }) => name)).toEqual(['devops-backup-db.service', 'devops-backup-db.timer']);
    const [service, timer] = files.map(({ content }) => content.split('\n'));
    expect(service).toEqual(
      expect.arrayContaining([
        'Type=oneshot',
        `ExecStart=${process.execPath} /opt/devops/bin/devops --config /etc/devops.yaml run backup-db`,
        // (100 + 10) * 3 attempts, 2 * 600 between them, 50 for the lock, a minute for telling of it.
        'TimeoutStartSec=1640',
        'KillMode=control-group',
        'SuccessExitStatus=75',
        'StateDirectory=devops',
      ]),
    );
    expect(timer).toEqual(
      expect.arrayContaining([
        'OnCalendar=*-*-01,15 02:30:00 Europe/Berlin',
        'OnCalendar=Mon *-*-* 02:30:00 Europe/Berlin',
        'Persistent=true',
        'AccuracySec=1s',
        'RandomizedDelaySec=600',
        'FixedRandomDelay=true',
      ]),
    );
  });

  test('of a job without a deadline, a splay and catching up', () => {
    const text = renderSystemd([scheduledJob()], settings)
      .files.map(({ content }) => content)
      .join('');
    expect(text).toContain('TimeoutStartSec=infinity\n');
    expect(text).not.toMatch(/Persistent|Randomized|User=/);
    expect(secondsOfRun(scheduledJob())).toBeUndefined();
  });

  test('of another account or of a user have no StateDirectory, whose owner would change', () => {
    const [asBackup] = renderSystemd([rich], { ...settings, user: 'backup' }).files;
    expect(asBackup!.content).toMatch(/^User=backup$/m);
    const [ofUser] = renderSystemd([rich], { ...settings, userUnits: true }).files;
    expect(ofUser!.content + asBackup!.content).not.toContain('StateDirectory');
  });

  test.skipIf(analyze === undefined)('pass systemd-analyze verify, with odd paths as well', async () => {
    const odd = join(folder, 'a $HOME %h');
    mkdirSync(odd);
    const node = join(odd, 'node');
    writeFileSync(node, '', { mode: 0o755 });
    await verify(renderSystemd([rich, scheduledJob({ name: 'on' })], settings).files);
    await verify(renderSystemd([rich], { ...settings, userUnits: true }).files, true);
    await verify(renderSystemd([rich], { ...settings, node, config: join(odd, `"b" 'c' \\x/devops.yaml`) }).files);
    expect(renderSystemd([rich], { ...settings, node: "/a'b/node" }).refused).toHaveLength(1);
  });

  test.skipIf(analyze === undefined)('what systemd refuses is told in its words', async () => {
    const { files } = renderSystemd([rich], { ...settings, node: '/nonexistent/node' });
    await expect(verify(files)).rejects.toThrow(/refuses the units: .*\/nonexistent\/node.*not executable/);
    const broken = files.map((file) => ({ ...file, content: file.content.replace('OnCalendar=*', 'OnCalendar=x') }));
    await expect(verify(broken)).rejects.toThrow(/calendar/);
  });

  test.each([
    ['/usr/bin/node', '/usr/bin/node'],
    ['/a b/c', '"/a b/c"'],
    ['/a%b$c', '/a%%b$$c'],
    ['/a"b\\c', String.raw`"/a\"b\\c"`],
  ])('%s as a word', (word, expected) => {
    expect(systemdWord(word)).toBe(expected);
  });
});

describe('files of ours in a folder', () => {
  const config = '/etc/devops.yaml';
  const file = (name: string, text = '') => ({ name, content: `${ownMark(config)}\n${text}\n`, findings: [] });
  const isName = /^devops-.*\.timer$/;

  test('are made, replaced and removed; all others stay as they are', () => {
    const place = join(folder, 'units');
    writeFiles(place, planFiles(place, config, [file('devops-a.timer'), file('devops-b.timer')], isName));
    writeFileSync(join(place, 'devops-theirs.timer'), 'theirs\n');
    writeFileSync(join(place, 'devops-other.timer'), `${ownMark('/srv/devops.yaml')}\n`);
    const changes = planFiles(place, config, [file('devops-a.timer', 'new'), file('devops-c.timer')], isName);
    expect(changes.map(({ name, before, after }) => [name, before !== undefined, after !== undefined])).toEqual([
      ['devops-a.timer', true, true],
      ['devops-c.timer', false, true],
      ['devops-b.timer', true, false],
    ]);
    expect(systemctlLine([...systemctlSteps(changes).before, ...systemctlSteps(changes).after], false)).toBe(
      'systemctl disable --now devops-b.timer && systemctl daemon-reload && systemctl enable --now devops-a.timer devops-c.timer && systemctl restart devops-a.timer',
    );
    writeFiles(place, changes);
    expect(readdirSync(place).toSorted()).toEqual([
      'devops-a.timer',
      'devops-c.timer',
      'devops-other.timer',
      'devops-theirs.timer',
    ]);
    expect(readFileSync(join(place, 'devops-a.timer'), 'utf8')).toContain('new');
    expect(() => planFiles(place, config, [file('devops-theirs.timer')], isName)).toThrow(/is not of this devops.yaml/);
    expect(planFiles(place, config, [], isName).map(({ name }) => name)).toEqual(['devops-a.timer', 'devops-c.timer']);
  });
});
