import { weeklyBoundaries } from '../../schedule/weekly-boundaries.ts';
import { UserError } from '../../errors/user-error.ts';
import { quoted } from '../../text/quoted.ts';
import { openZone } from '../../time/zone.ts';
import { isEmptySelection, parseSelection } from '../power/parse-selection.ts';
import { cloudFormationText } from './cloudformation.ts';
import { archiveName, type FunctionPlan } from './function-plan.ts';
import { planSchedules } from './plan-schedules.ts';
import { policyCharacters, policyDocument } from './policy-document.ts';
import { powerStatements } from './policy.ts';
import { terraformText } from './terraform.ts';
import { zipFunction } from './zip-function.ts';

/** What `devops lambda export` was asked for. */
export interface ExportRequest {
  template: 'cloudformation' | 'terraform';
  name: string;
  architecture: 'arm64' | 'x86_64';
  memoryMegabytes: number;
  ids: readonly string[];
  tag: readonly string[];
  filters: readonly string[];
  asg: readonly string[];
  all: boolean;
  off?: string | undefined;
  on?: string | undefined;
  scheduleTag?: string | undefined;
  /** Of the schedule: `Europe/Berlin`. */
  zone: string;
  /** Content of the file of holidays, which was checked. */
  holidays?: string | undefined;
  groupMembers: 'skip' | 'suspend' | 'zero';
  regions: readonly string[];
  roleArn?: string | undefined;
  kmsKeys: readonly string[];
  /** Behind the commands' names; the zone and the holidays are added. */
  stopWords: readonly string[];
  startWords: readonly string[];
  code: Uint8Array;
  version: string;
}

/** Of the 10,240 that a role has for all its policies; the log and the queue need some, too. */
const mostPolicyCharacters = 9000;
const holidaysName = 'holidays.txt';

/** The files of a function by name, in the order in which they are to be written. Equal requests make equal bytes. */
export async function exportFiles(request: ExportRequest): Promise<ReadonlyMap<string, Uint8Array>> {
  const { template, holidays, code, version } = request;
  const plan = functionPlan(request);
  const text = template === 'terraform' ? terraformText(plan) : await cloudFormationText(plan);
  const archive = await zipFunction({
    'index.js': code,
    // Without it a newer Node might take the code for a module of another kind.
    'package.json': `${JSON.stringify({ name: plan.name, version, type: 'commonjs' })}\n`,
    ...(holidays === undefined ? {} : { [holidaysName]: holidays }),
  });
  const encode = (content: string) => new TextEncoder().encode(content);
  return new Map([
    [archiveName, archive],
    ['policy.json', encode(policyDocument(plan.statements))],
    [template === 'terraform' ? 'main.tf' : 'template.yaml', encode(text)],
  ]);
}

function functionPlan(request: ExportRequest): FunctionPlan {
  const { off, on, scheduleTag, zone: zoneName, holidays, roleArn } = request;
  checkNames(request);
  if (scheduleTag !== undefined && (off !== undefined || on !== undefined)) {
    throw usage('--schedule-tag takes the schedule of each instance, and goes with no --off or --on', 'leave one out');
  }
  const zone = namedZone(zoneName);
  const selection = parseSelection(request);
  if (scheduleTag === undefined && isEmptySelection(selection)) {
    throw usage('which instances is the function to stop and start?', 'use ids, --tag, --filters, --asg or --all');
  }
  const statements = powerStatements({ ...request, selection });
  const characters = policyCharacters(statements);
  if (characters > mostPolicyCharacters) {
    throw usage(
      `the policy would have ${characters} characters, and a role has room for ${mostPolicyCharacters}`,
      'select the instances by a tag instead of their ids or the names of their groups',
    );
  }
  const boundaries = scheduleTag === undefined ? weeklyBoundaries({ off, on }) : undefined;
  const added = ['--tz', zone, ...(holidays === undefined ? [] : ['--holidays', `/var/task/${holidaysName}`])];
  return {
    name: request.name,
    description: `stops and starts instances: ${describeSchedule(request)} ${zone}`,
    architecture: request.architecture,
    memoryMegabytes: request.memoryMegabytes,
    statements,
    assumedRole: roleArn,
    schedules: planSchedules({
      boundaries,
      zone,
      stop: ['stop-instances', ...request.stopWords, ...added],
      start: ['start-instances', ...request.startWords, ...added],
    }),
  };
}

/** Printable ASCII, which every service takes for a description. */
function describeSchedule({ off, on, scheduleTag }: ExportRequest): string {
  const text = scheduleTag === undefined ? (off === undefined ? `on ${on}` : `off ${off}`) : 'by the tag of each';
  return text.replace(/[^ -~]|[<>{}$%]/g, '?').slice(0, 150);
}

/** EventBridge Scheduler knows zones by their names alone. */
function namedZone(text: string): string {
  const { name } = openZone(text);
  if (/^[A-Za-z]/.test(name)) return name;
  throw new UserError(`EventBridge Scheduler knows no zone ${quoted(name)}: it needs one with a name`, {
    code: 'usage',
    hints: ['use --tz Europe/Berlin, --tz UTC or another name'],
  });
}

function checkNames({ name, roleArn, regions }: ExportRequest): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,47}$/.test(name)) {
    throw usage(`--name ${quoted(name)} cannot name a function`, 'use at most 48 letters, digits, - and _');
  }
  if (roleArn !== undefined && !/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/.test(roleArn)) {
    throw usage(`--role-arn ${quoted(roleArn)} is no ARN of a role`, 'such as arn:aws:iam::123456789012:role/devops');
  }
  const region = regions.find((one) => !/^[a-z]{2}(?:-[a-z]+)+-\d$|^all$/.test(one));
  if (region !== undefined) throw usage(`--region ${quoted(region)} is no region`, 'such as eu-central-1, or all');
}

function usage(message: string, hint: string): UserError {
  return new UserError(message, { code: 'usage', hints: [hint] });
}
