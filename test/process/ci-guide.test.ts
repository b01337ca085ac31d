import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, expect, test } from 'vitest';
import { useAsgShop } from '../commands/run-asg-ips.ts';
import { requireProgram } from '../support/services.ts';
import { bin, node, start } from '../support/start-devops.ts';
import { startTlsServer } from '../support/tls/node-server.ts';
import { serverPark } from '../support/tls/test-server.ts';
import { openWorkshop } from '../support/tls/workshop.ts';

// Every line of docs/ci.md is run here as the CI server would run it.

interface Block {
  language: string;
  text: string;
}

const guide = readFileSync(join(import.meta.dirname, '../../docs/ci.md'), 'utf8');
const blocks: Block[] = [...guide.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language, text]) => {
  return { language: language!, text: text! };
});

interface GithubWorkflow {
  jobs: Record<string, { steps: { name?: string; run?: string }[] }>;
}

interface GitlabPipeline {
  'check-runner': { script: string[] };
}

const documents = blocks.filter(({ language }) => language === 'yaml').map(({ text }) => ({ text, value: load(text) }));
const documentWith = (word: string) => documents.find(({ text }) => text.includes(word))!;
const workflow = documentWith('runs-on:').value as GithubWorkflow;
const pipeline = documentWith('artifacts:').value as GitlabPipeline;
const scriptsOf = (language: string) => blocks.filter((block) => block.language === language).map(({ text }) => text);

const steps = Object.values(workflow.jobs)
  .flatMap((job) => job.steps)
  .filter(({ run }) => run !== undefined);
const lines = scriptsOf('sh')
  .flatMap((text) => text.trim().split('\n'))
  .map((line) => line.replace(/ {2,}# .*$/, ''));

/** Lines whose answer is meant to be no. */
const answers: Readonly<Record<string, number>> = {
  "devops logs-grep --alert --report junit=log.xml -e 'BUILD FAILED' -e 'Segmentation fault' build.log": 1,
  'devops logs-grep --rules ci-rules.yaml --output github build.log': 1,
};

const shop = useAsgShop();
const openssl = requireProgram('openssl', 'the lines of docs/ci.md are not run');
const jq = requireProgram('jq', 'the lines of docs/ci.md are not run');
const canRun = openssl !== undefined && jq !== undefined;
const workshop = openWorkshop('ci-guide');
const servers = serverPark();
afterAll(async () => {
  await servers.close();
  workshop.close();
});

/** What the lines speak of: programs, logs, certificates, a server. */
async function furnish(): Promise<Record<string, string>> {
  const { folder } = shop;
  const program = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  };
  mkdirSync(join(folder, 'bin'));
  program('bin/devops', `#!/bin/sh\nexec ${node} ${bin} "$@"\n`);
  program('integration-test.sh', '#!/bin/sh\necho step 1\n');
  program('deploy.sh', '#!/bin/sh\necho "to $1 with $DEPLOY_TOKEN"\ntest -n "$DEPLOY_TOKEN"\n');
  writeFileSync(join(folder, 'build.log'), 'step 1\nfoo is deprecated\nBUILD FAILED\n');
  writeFileSync(join(folder, 'ci-rules.yaml'), documentWith('match:').text);
  writeFileSync(join(folder, 'devops.yaml'), documentWith('deploy.sh').text);
  const root = await workshop.authority('Test Root');
  const leaf = await workshop.leaf({ names: ['127.0.0.1'], issuer: root });
  const options = { key: readFileSync(leaf.keyFile), cert: leaf.pem };
  const { port } = await servers.keep(startTlsServer(options, { address: '127.0.0.1' }));
  mkdirSync(join(folder, 'deploy/tls'), { recursive: true });
  writeFileSync(join(folder, 'deploy/tls/server.pem'), leaf.pem);
  copyFileSync(leaf.keyFile, join(folder, 'deploy/tls/server.key'));
  writeFileSync(join(folder, 'hosts.txt'), `127.0.0.1:${port}\n`);
  shop.group('web', [{ privateIp: '10.0.0.1' }, { privateIp: '10.0.0.2' }]);
  return {
    ...shop.env,
    PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
    STATE_DIRECTORY: join(folder, 'state'),
    SSL_CERT_FILE: root.certificateFile,
    STAGING_TOKEN: 'hunter22-of-staging',
  };
}

const shell = (script: string, env: Record<string, string>) => {
  return start('bash', ['--norc', '-e', '-o', 'pipefail', '-c', script], { cwd: shop.folder, env });
};

test('the guide has the lines for each server', () => {
  expect(steps.map(({ name }) => name)).toEqual(['the runner itself', 'tests', 'addresses for the next lines']);
  expect(pipeline['check-runner'].script).toHaveLength(2);
  expect(scriptsOf('groovy')).toHaveLength(1);
  expect(lines.length).toBeGreaterThan(10);
  for (const line of Object.keys(answers)) expect(lines).toContain(line);
  expect(documents).toHaveLength(4);
});

test.skipIf(!canRun)('the steps for GitHub Actions are run', async () => {
  const file = join(shop.folder, 'summary.md');
  const env = { ...(await furnish()), CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: file };
  const [runner, tests, addresses] = await Promise.all(steps.map(({ run }) => shell(run!, env)));
  expect(runner).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Disks') });
  expect(tests).toMatchObject({ exitCode: 0, stdout: 'step 1\n' });
  expect(tests!.stderr).toBe('::group::devops run tests\n::endgroup::\n');
  expect(addresses).toMatchObject({ exitCode: 0, stdout: 'deploy to 10.0.0.1\ndeploy to 10.0.0.2\n', stderr: '' });
  expect(readFileSync(file, 'utf8')).toContain('### devops run: 1 ok\n');
  expect(readFileSync(file, 'utf8')).toMatch(/^### devops sysinfo: \d+ ok\n/m);
  expect(readFileSync(join(shop.folder, 'tests.xml'), 'utf8')).toContain('tests="1" failures="0" errors="0"');
});

test.skipIf(!canRun)('the steps for GitLab CI and Jenkins are run', async () => {
  const furnished = await furnish();
  const env = { ...furnished, CI: 'true', GITLAB_CI: 'true' };
  for (const line of pipeline['check-runner'].script) expect(await shell(line, env)).toMatchObject({ exitCode: 0 });
  expect(readdirSync(shop.folder)).toEqual(expect.arrayContaining(['runner.xml', 'tests.xml']));
  const [groovy] = scriptsOf('groovy');
  const [, line] = /sh '([^']+)'/.exec(groovy!)!;
  expect(await shell(line!, furnished)).toMatchObject({ exitCode: 0, stdout: '' });
});

test.skipIf(!canRun)('every line for a shell is run, and what it says about its files is true', async () => {
  const env = await furnish();
  for (const line of lines) {
    const { exitCode, stdout, stderr } = await shell(line, env);
    expect(exitCode, `${line}\n${stdout}${stderr}`).toBe(answers[line] ?? 0);
    const [, report] = /--report \w+=(\S+)/.exec(line) ?? [];
    if (report !== undefined) expect(existsSync(join(shop.folder, report)), line).toBe(true);
    expect(stdout + stderr, line).not.toContain('hunter22');
  }
});
