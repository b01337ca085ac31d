import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { groupName, privateIp } from './asg-ips/documents.ts';
import { checkout } from './checkout.ts';
import { devopsRow, environment, sideBySide, type BenchRequest, type BenchResult } from './harness.ts';
import { findProgram, versionLine } from './programs.ts';
import type { CommandRow, Row } from './rounds.ts';

/** How many times less CPU the issue asks for, by the size of the group. */
const sizes = [
  { instances: 100, goals: { aws: 5, boto3: 3 } },
  { instances: 1000, goals: undefined },
  { instances: 10_000, goals: { aws: 15, boto3: 15 } },
];

/** One region on loopback, served by a process of its own; each size is a section. `--instances N` for one alone. */
export async function run(request: BenchRequest): Promise<BenchResult> {
  const only = request.values['instances'];
  const wanted = sizes.filter(({ instances }) => only === undefined || String(instances) === only);
  if (wanted.length === 0)
    throw new Error(`--instances wants one of ${sizes.map((each) => each.instances).join(', ')}`);
  const sections: BenchResult[] = [];
  for (const size of wanted) sections.push(await oneSize(request, size));
  return { text: sections.map(({ text }) => text).join('\n'), failed: sections.some(({ failed }) => failed) };
}

async function oneSize(request: BenchRequest, { instances, goals }: (typeof sizes)[number]): Promise<BenchResult> {
  const server = await startServer(instances);
  try {
    Object.assign(environment, {
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'only-for-a-server-of-the-bench',
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL: server.url,
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    const rows = [
      devopsRow(['asg-ips', groupName]),
      awsRow(server.url, goals && { atLeast: goals.aws }),
      boto3Row(goals && { atLeast: goals.boto3 }),
    ];
    for (const row of rows) compareAnswer(row, instances);
    const summary = `${request.summary}, ${instances.toLocaleString('en')} instances`;
    const recipe = `one group of ${instances.toLocaleString('en')} instances, about 5 KB of XML each, on a loopback server; every command printed the same addresses`;
    return await sideBySide({ ...request, summary }, recipe, rows);
  } finally {
    server.stop();
  }
}

/** The address list of a group in one verb is unknown to awscli: this asks for the instances that carry its tag. */
function awsRow(url: string, goal: CommandRow['goal']): Row {
  const name = 'aws ec2 describe-instances --query ... --output text';
  const aws = ['/usr/bin/aws', findProgram('aws', environment)].find((path) => path !== undefined && existsSync(path));
  if (aws === undefined) return { name, missing: 'apt-get install awscli' };
  const filters = [`Name=tag:aws:autoscaling:groupName,Values=${groupName}`, 'Name=instance-state-name,Values=running'];
  const query = ['--query', 'Reservations[].Instances[].[PrivateIpAddress]', '--output', 'text'];
  // Debian's awscli knows AWS_ENDPOINT_URL not yet.
  const argv = [
    aws,
    '--endpoint-url',
    url,
    'ec2',
    'describe-instances',
    '--page-size',
    '1000',
    '--filters',
    ...filters,
  ];
  return {
    name,
    argv: [...argv, ...query],
    version: versionLine([aws, '--version'], environment),
    ...(goal && { goal }),
  };
}

function boto3Row(goal: CommandRow['goal']): Row {
  const name = 'python3 asg-ips.py (boto3)';
  const pythons = [join(checkout, '.venv/bin/python'), '/usr/bin/python3', findProgram('python3', environment)];
  const version = 'import platform, boto3; print("Python", platform.python_version() + ", boto3", boto3.__version__)';
  for (const python of pythons) {
    if (python === undefined || !existsSync(python)) continue;
    const answer = spawnSync(python, ['-c', version], { env: environment, encoding: 'utf8' });
    if (answer.status !== 0) continue;
    const argv = [python, join(checkout, 'bench/peers/asg-ips.py'), groupName];
    return { name, argv, version: answer.stdout.trim(), ...(goal && { goal }) };
  }
  return { name, missing: 'scripts/test-services' };
}

/** A command that prints something else would be measured at another job. */
function compareAnswer(row: Row, instances: number): void {
  if ('missing' in row) return;
  const [program, ...args] = row.argv;
  const { stdout, stderr } = spawnSync(program!, args, { env: environment, encoding: 'utf8', maxBuffer: 2 ** 24 });
  const found = stdout.split('\n').filter((line) => line !== '');
  const expected = Array.from({ length: instances }, (_, index) => privateIp(index));
  if (found.toSorted().join() !== expected.toSorted().join()) {
    throw new Error(`${row.name} printed ${found.length} addresses of ${instances}: ${stderr}`);
  }
}

async function startServer(instances: number): Promise<{ url: string; stop(): void }> {
  const script = join(import.meta.dirname, 'asg-ips/group-server.ts');
  const child = spawn(process.execPath, [script, String(instances)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${String(port).trim()}`, stop: () => child.kill() };
}
