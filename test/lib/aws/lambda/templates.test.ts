import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { exportFiles, type ExportRequest } from '../../../../src/lib/aws/lambda/export-files.ts';

const folder = join(import.meta.dirname, 'cases');
const cases = readdirSync(folder).filter((file) => file.endsWith('.json'));

const request = (more: Partial<ExportRequest>): ExportRequest => ({
  template: 'cloudformation',
  name: 'devops-stop-start',
  architecture: 'arm64',
  memoryMegabytes: 256,
  ids: [],
  tag: [],
  filters: [],
  asg: [],
  all: false,
  zone: 'Europe/Berlin',
  groupMembers: 'skip',
  regions: [],
  kmsKeys: [],
  stopWords: [],
  startWords: [],
  code: Buffer.from('exports.handler = async () => {};\n'),
  version: '1.2.3',
  ...more,
});

async function files(more: Partial<ExportRequest>): Promise<Map<string, string>> {
  const made = await exportFiles(request(more));
  return new Map(Array.from(made, ([name, bytes]) => [name, Buffer.from(bytes).toString()]));
}

// A case is a request in JSON; what is made of it stands beside it. A new one is recorded by the first run.
describe.each(cases)('%s', (file) => {
  const asked = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Partial<ExportRequest>;
  const recorded = (kind: string) => join(folder, `${file.slice(0, -'.json'.length)}.${kind}.txt`);

  test('the template of CloudFormation and the policy are as recorded', async () => {
    const made = await files(asked);
    await expect(made.get('template.yaml')).toMatchFileSnapshot(recorded('cloudformation'));
    await expect(made.get('policy.json')).toMatchFileSnapshot(recorded('policy'));
  });

  test('the module of Terraform is as recorded', async () => {
    const made = await files({ ...asked, template: 'terraform' });
    await expect(made.get('main.tf')).toMatchFileSnapshot(recorded('terraform'));
  });

  test('every name in the template leads somewhere', async () => {
    const template = load((await files(asked)).get('template.yaml')!) as Template;
    const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters)]);
    const named = [...namesIn(template)].filter((name) => !name.startsWith('AWS::'));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  test('every event is one that the function understands', async () => {
    const template = load((await files(asked)).get('template.yaml')!) as Template;
    const inputs = Object.values(template.Resources).flatMap(({ Properties: { Target } }) => Target?.Input ?? []);
    expect(inputs.length).toBeGreaterThanOrEqual(2);
    for (const input of inputs) {
      const { argv } = JSON.parse(input) as { argv: string[] };
      expect(argv[0]).toMatch(/^(stop|start)-instances$/);
      expect(argv).toContain('--tz');
    }
  });
});

interface Template {
  Parameters: Record<string, unknown>;
  Resources: Record<string, { Properties: { Target?: { Input: string } } }>;
}

function* namesIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  if ('Ref' in value) yield String(value.Ref);
  else if ('Fn::GetAtt' in value) yield (value['Fn::GetAtt'] as string[])[0]!;
  else for (const one of Object.values(value)) yield* namesIn(one);
}

test('text from outside cannot become part of a template', async () => {
  const hostile = '"]}\n${AWS::AccountId} ${path.module} %{ for a in b } *x &y !Ref z # ';
  const words = ['--tag', `k=${hostile}`];
  const asked = { tag: [`k=${hostile}`], off: 'weekend', stopWords: words, startWords: words };
  const template = load((await files(asked)).get('template.yaml')!) as Template;
  const [input] = Object.values(template.Resources).flatMap(({ Properties: { Target } }) => Target?.Input ?? []);
  expect((JSON.parse(input!) as { argv: string[] }).argv).toContain(`k=${hostile}`);
  const terraform = (await files({ ...asked, template: 'terraform' })).get('main.tf')!;
  expect(terraform).not.toMatch(/(?<!\$)\$\{AWS|[^=] "\$\{path|(?<!%)%\{/);
});

test.each([
  [{ name: 'a b' }, "--name 'a b' cannot name a function"],
  [{ name: 'x'.repeat(49) }, 'cannot name a function'],
  [{ roleArn: 'arn:aws:iam::1:user/x' }, "--role-arn 'arn:aws:iam::1:user/x' is no ARN of a role"],
  [{ regions: ['Frankfurt'] }, "--region 'Frankfurt' is no region"],
  [{ zone: '+02:00' }, "EventBridge Scheduler knows no zone '+02:00'"],
  [{ zone: 'Europe/Berln' }, 'Europe/Berln'],
  [{ tag: [] }, 'which instances is the function to stop and start?'],
  [{ off: undefined }, 'a schedule tells either when it is off or when it is on'],
  [{ scheduleTag: 'x' }, '--schedule-tag takes the schedule of each instance'],
  [{ off: 'Fri 25:00 - Mon 07:00' }, 'column 5'],
])('%j is refused', async (more, message) => {
  await expect(files({ tag: ['env=dev'], off: 'weekend', ...more })).rejects.toThrow(message);
});

test('more instances than a policy has room for are refused', async () => {
  const ids = (count: number) => Array.from({ length: count }, (_, at) => `i-${String(at).padStart(17, '0')}`);
  const asked = { off: 'weekend', regions: ['eu-central-1'] };
  await expect(files({ ...asked, ids: ids(200) })).rejects.toThrow(/the policy would have \d+ characters/);
  expect((await files({ ...asked, ids: ids(30) })).size).toBe(3);
});
