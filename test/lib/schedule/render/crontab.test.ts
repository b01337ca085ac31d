import { describe, expect, test } from 'vitest';
import { beginLine, endLine, replaceBlock } from '../../../../src/lib/schedule/render/crontab-block.ts';
import { type CrontabSettings, renderCrontab } from '../../../../src/lib/schedule/render/crontab.ts';
import { findingComment } from '../../../../src/lib/schedule/render/finding-comment.ts';
import { scheduledJob } from './scheduled-job.ts';

const settings: CrontabSettings = {
  node: '/opt/node/bin/node',
  program: '/opt/devops/bin/devops',
  config: '/etc/devops/devops.yaml',
  machineZone: 'UTC',
  host: 'web1',
  now: Date.parse('2027-01-01T00:00:00Z') / 1000,
  lint: () => [],
};
const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

describe('the block of a crontab', () => {
  test('has nothing but comments and job lines, and ends with a line feed', () => {
    const { files, refused } = renderCrontab([scheduledJob(), scheduledJob({ name: 'b', splaySeconds: 60 })], settings);
    expect(refused).toEqual([]);
    expect(files[0]!.content).toBe(
      [
        '# BEGIN devops (config /etc/devops/devops.yaml)',
        "# made by 'devops schedule render'; what is changed by hand in here is lost at the next --install",
        `30 2 * * * ${path} /opt/node/bin/node /opt/devops/bin/devops --config /etc/devops/devops.yaml run backup-db`,
        `30 2 * * * ${path} /opt/node/bin/node /opt/devops/bin/devops --config /etc/devops/devops.yaml run --splay b`,
        '# END devops',
        '',
      ].join('\n'),
    );
  });

  test('paths are quoted for sh, and percent signs escaped for cron', () => {
    const { files } = renderCrontab([scheduledJob()], { ...settings, config: "/etc/it's 100%/$(x)/devops.yaml" });
    expect(files[0]!.content).toContain(String.raw`--config '/etc/it'\''s 100\%/$(x)/devops.yaml' run backup-db`);
  });

  test.each([
    ['a backslash before a percent sign', String.raw`/etc/a\%/devops.yaml`, /backslash before a percent sign/],
    ['a command that cron would refuse', `/${'long/'.repeat(200)}devops.yaml`, /longer than the 998 bytes/],
  ])('%s refuses the job', (_, config, message) => {
    const { refused } = renderCrontab([scheduledJob()], { ...settings, config });
    expect(refused).toEqual([
      { job: 'backup-db', error: expect.objectContaining({ message: expect.stringMatching(message) }) },
    ]);
  });

  test('a line feed in a path is refused as a whole', () => {
    expect(() => renderCrontab([scheduledJob()], { ...settings, config: '/etc/a\n* * * * * evil' })).toThrow(
      /line feed/,
    );
  });

  test('a job of another zone is converted, with what it was in a comment, or refused beside the others', () => {
    const jobs = [
      scheduledJob({ name: 'tokyo', timezone: 'Asia/Tokyo' }),
      scheduledJob({ name: 'berlin', timezone: 'Europe/Berlin' }),
    ];
    const { files, refused } = renderCrontab(jobs, settings);
    expect(files[0]!.content).toMatch(/^# tokyo: 30 2 \* \* \* Asia\/Tokyo\n30 17 \* \* \* PATH/m);
    expect(refused).toEqual([{ job: 'berlin', error: expect.objectContaining({ code: 'unsupported' }) }]);
  });

  test('a finding is a comment without its dates, so that the block is the same next year', () => {
    const finding = {
      job: 'a',
      code: 'clocks-skip',
      message: 'the clocks skip 02:30 on 2027-03-28, 2028-03-26 and 2029-03-25: left out\n',
    };
    expect(findingComment(finding)).toBe(String.raw`# warning: a: the clocks skip 02:30: left out\n`);
  });
});

describe('in a crontab', () => {
  const config = '/etc/devops.yaml';
  const block = `${beginLine(config)}\n1 1 1 1 1 x\n${endLine}\n`;
  const other = `${beginLine('/srv/devops.yaml')}\n2 2 2 2 2 y\n${endLine}\n`;

  test('the block comes to the end, once', () => {
    const once = replaceBlock('MAILTO=me\n* * * * * mine', config, block);
    expect(once).toBe(`MAILTO=me\n* * * * * mine\n${block}`);
    expect(replaceBlock(once, config, block)).toBe(once);
    expect(replaceBlock('', config, block)).toBe(block);
  });

  test('only our block is replaced or taken out, wherever it stands', () => {
    const crontab = `A=1\n${other}${block}B=2\n`;
    expect(replaceBlock(crontab, config, block.replace('x', 'z'))).toBe(`A=1\n${other}${block.replace('x', 'z')}B=2\n`);
    expect(replaceBlock(crontab, config, '')).toBe(`A=1\n${other}B=2\n`);
    expect(replaceBlock('A=1', config, '')).toBe('A=1');
  });

  test.each([
    [
      'a block without an end',
      `${beginLine(config)}\n* * * * * mine\n`,
      /line 1 begins a block of devops that has no end/,
    ],
    ['a block in a block', `${beginLine(config)}\n${block}`, /line 1 begins .* no end/],
    ['an end without a beginning', `x\n${endLine}\n`, /line 2 ends a block of devops that has no beginning/],
    ['two blocks', `${block}x\n${block}`, /twice, the second in line 5/],
    ['another block that is broken', `${beginLine('/srv/x')}\n`, /no end/],
  ])('%s is refused', (_, crontab, message) => {
    expect(() => replaceBlock(crontab, config, block)).toThrow(message);
    expect(() => replaceBlock(crontab, config, '')).toThrow(message);
  });
});
