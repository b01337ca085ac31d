import { expect, test } from 'vitest';
import { ciSection } from '../../../src/lib/jobs/ci-sections.ts';

const github = { GITHUB_ACTIONS: 'true' };
const gitlab = { GITLAB_CI: 'true' };
const job = { name: 'backup-db', secrets: [] as string[] };

test('on GitHub the output is a group, on GitLab a section with its times, elsewhere nothing', () => {
  const group = ciSection(github, job, 1_795_000_000.7)!;
  expect(group.opening).toBe('::group::devops run backup-db\n');
  expect(group.closing(1_795_000_009.2)).toBe('::endgroup::\n');
  const section = ciSection(gitlab, job, 1_795_000_000.7)!;
  expect(section.opening).toBe(
    '\u001B[0Ksection_start:1795000000:devops_backup-db_1795000000[collapsed=true]\r\u001B[0Kdevops run backup-db\n',
  );
  expect(section.closing(1_795_000_009.2)).toBe(
    '\u001B[0Ksection_end:1795000009:devops_backup-db_1795000000\r\u001B[0K\n',
  );
  for (const env of [{}, { CI: 'true' }, { GITHUB_ACTIONS: 'false' }, { GITLAB_CI: '' }]) {
    expect(ciSection(env, job, 0)).toBeUndefined();
  }
});

test('within another job there is no section of its own, for GitHub cannot nest them, but its secrets are masked', () => {
  const inner = { DEVOPS_RUN_ID: 'a-run' };
  expect(ciSection({ ...gitlab, ...inner }, { ...job, secrets: ['hunter22'] }, 0)).toBeUndefined();
  expect(ciSection({ ...github, ...inner }, job, 0)).toBeUndefined();
  const masked = ciSection({ ...github, ...inner }, { ...job, secrets: ['hunter22'] }, 0)!;
  expect([masked.opening, masked.closing(1)]).toEqual(['::add-mask::hunter22\n', '']);
});

test('no name can end the line of a mark, begin another or leave the letters that GitLab allows', () => {
  for (const name of ['two\nlines\r\n::error::x', '\u001B[0Ksection_end:1:x\r', 'a b:c[collapsed=false]', '%0A', 'é']) {
    const [group, section] = [github, gitlab].map((env) => ciSection(env, { ...job, name }, 7)!);
    expect(group!.opening).toMatch(/^::group::devops run (?:[^%\r\n\u001B]|%25)*\n$/);
    // eslint-disable-next-line no-control-regex -- the two escapes that are ours
    expect(section!.opening).toMatch(
      /^\u001B\[0Ksection_start:7:[\w.-]+\[collapsed=true\]\r\u001B\[0K[^\r\n\u001B]*\n$/,
    );
    // eslint-disable-next-line no-control-regex -- as above
    expect(section!.closing(9)).toMatch(/^\u001B\[0Ksection_end:9:[\w.-]+\r\u001B\[0K\n$/);
  }
});

test('on GitHub each line of a secret is masked before the group begins, and on GitLab none is printed', () => {
  const secrets = ['50%0A-of-it', 'first line\r\n  second line\n\nabc\nfirst line\n', 'abc', ''];
  expect(ciSection(github, { ...job, secrets }, 0)!.opening).toBe(
    '::add-mask::50%250A-of-it\n::add-mask::first line\n::add-mask::second line\n::group::devops run backup-db\n',
  );
  const { opening } = ciSection(gitlab, { ...job, secrets }, 0)!;
  for (const part of ['mask', '50%', 'first', 'second']) expect(opening).not.toContain(part);
});
