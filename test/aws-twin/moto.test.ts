import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { startTwin } from '../support/aws-twin/aws-twin.ts';
import {
  requirePython,
  startMoto,
  throughBoto3,
  type Step,
  type StepAnswer,
} from '../support/aws-twin/python-clients.ts';

// moto is another's reading of the same API. What both say alike is what a plain run needs; where they differ, the data
// file says which of them real AWS sides with, and how that is known.

const why = 'the AWS twin is not compared with moto';
const boto3 = requirePython('boto3', why);
const moto = requirePython('moto', why);

interface Difference {
  moto: string;
  twin: string;
  real: 'twin' | 'moto' | 'neither';
  source: string;
}

const differences = JSON.parse(
  readFileSync(new URL('../cases/aws-twin/moto-differences.json', import.meta.url), 'utf8'),
) as Record<string, Difference>;

const account = '123456789012';
const group = { AutoScalingGroupName: 'web' };
const absent = 'i-0123456789abcdef0';
const states = 'Reservations[].Instances[].State.Name';

/** Of instances A, B, C (protected from stops), D (terminated) and the group `web`, which is min 1, max 4, desired 2. */
const scenario: Record<string, Step> = {
  'describe by id': ec2('describe_instances', { InstanceIds: ['$A', '$B'] }, 'length(Reservations[].Instances[])'),
  'describe a page': ec2('describe_instances', { MaxResults: 5 }, 'length(Reservations[].Instances[])'),
  'describe by id and page': ec2('describe_instances', { InstanceIds: ['$A'], MaxResults: 5 }, states),
  'describe an unknown id': ec2('describe_instances', { InstanceIds: [absent] }, states),
  'describe a malformed id': ec2('describe_instances', { InstanceIds: ['web'] }, states),
  'describe by an unknown filter': ec2(
    'describe_instances',
    { Filters: [{ Name: 'colour', Values: ['red'] }] },
    states,
  ),
  'write a tag': ec2('create_tags', { Resources: ['$A', '$B'], Tags: [{ Key: 'env', Value: 'pro<d> & ü' }] }),
  'read a tag by wildcard': filtered('tag:env', ['pro*'], "sort(Reservations[].Instances[].Tags[?Key=='env'].Value[])"),
  'read by key of a tag': filtered('tag-key', ['e?v'], 'length(Reservations[].Instances[])'),
  'read by case': filtered('tag:env', ['PRO*'], states),
  'write a tag on an unknown id': ec2('create_tags', { Resources: ['$A', absent], Tags: [{ Key: 'k', Value: 'v' }] }),
  'write a reserved tag': ec2('create_tags', { Resources: ['$A'], Tags: [{ Key: 'aws:k', Value: 'v' }] }),
  'write too many tags': ec2('create_tags', {
    Resources: ['$A'],
    Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: 'v' })),
  }),
  'delete a tag': ec2('delete_tags', { Resources: ['$B'], Tags: [{ Key: 'env' }] }),
  'read what was deleted': filtered('tag:env', ['*'], 'length(Reservations[].Instances[])'),
  'stop dry': ec2('stop_instances', { InstanceIds: ['$A'], DryRun: true }),
  stop: ec2('stop_instances', { InstanceIds: ['$A'] }, 'StoppingInstances[].[CurrentState.Name, PreviousState.Name]'),
  'read while it stops': ec2('describe_instances', { InstanceIds: ['$A'] }, states),
  'stop once more': ec2('stop_instances', { InstanceIds: ['$A'] }, 'StoppingInstances[].PreviousState.Name'),
  wait: ec2('describe_regions', {}, 'length(Regions) > `0`'),
  'read when it has stopped': ec2('describe_instances', { InstanceIds: ['$A'] }, states),
  'read why it has stopped': ec2(
    'describe_instances',
    { InstanceIds: ['$A'] },
    'Reservations[].Instances[].[StateReason.Code, starts_with(StateTransitionReason, `User initiated (`)]',
  ),
  'stop a protected one': ec2('stop_instances', { InstanceIds: ['$C'] }),
  'stop an unknown one': ec2('stop_instances', { InstanceIds: ['$B', absent] }),
  'read the rest of that batch': ec2('describe_instances', { InstanceIds: ['$B'] }, states),
  'stop a terminated one': ec2('stop_instances', { InstanceIds: ['$D'] }, 'length(StoppingInstances)'),
  'hibernate what cannot': ec2('stop_instances', { InstanceIds: ['$B'], Hibernate: true }, 'length(StoppingInstances)'),
  'start a terminated one': ec2('start_instances', { InstanceIds: ['$D'] }, 'length(StartingInstances)'),
  start: ec2('start_instances', { InstanceIds: ['$A'] }, 'StartingInstances[].[CurrentState.Name, PreviousState.Name]'),
  'wait again': ec2('describe_regions', {}, 'length(Regions) > `0`'),
  'read when it runs': ec2('describe_instances', { InstanceIds: ['$A'] }, states),
  'describe the group': asg(
    'describe_auto_scaling_groups',
    { AutoScalingGroupNames: ['web', 'absent'] },
    'AutoScalingGroups[].[AutoScalingGroupName, MinSize, MaxSize, DesiredCapacity, Instances[].[LifecycleState, HealthStatus]]',
  ),
  'describe a group by tag': asg(
    'describe_auto_scaling_groups',
    { Filters: [{ Name: 'tag:team', Values: ['a'] }] },
    'AutoScalingGroups[].Tags[].[Key, Value, PropagateAtLaunch]',
  ),
  suspend: asg('suspend_processes', { ...group, ScalingProcesses: ['Launch', 'HealthCheck'] }),
  'read what is suspended': asg(
    'describe_auto_scaling_groups',
    {},
    'sort(AutoScalingGroups[].SuspendedProcesses[].ProcessName)',
  ),
  'read why it is suspended': asg(
    'describe_auto_scaling_groups',
    {},
    'AutoScalingGroups[].SuspendedProcesses[].starts_with(SuspensionReason, `User suspended at `)',
  ),
  'suspend what there is not': asg('suspend_processes', { ...group, ScalingProcesses: ['Lunch'] }),
  'suspend an unknown group': asg('suspend_processes', { AutoScalingGroupName: 'absent' }),
  resume: asg('resume_processes', { ...group, ScalingProcesses: ['Launch'] }),
  'read what is still suspended': asg(
    'describe_auto_scaling_groups',
    {},
    'sort(AutoScalingGroups[].SuspendedProcesses[].ProcessName)',
  ),
  'resume all': asg('resume_processes', group),
  'tag the group': asg('create_or_update_tags', {
    Tags: [
      {
        ResourceId: 'web',
        ResourceType: 'auto-scaling-group',
        Key: 'devops:asg',
        Value: 'v1 &',
        PropagateAtLaunch: false,
      },
    ],
  }),
  'read the tag of the group': asg(
    'describe_auto_scaling_groups',
    {},
    "AutoScalingGroups[].Tags[?Key=='devops:asg'].[Value, PropagateAtLaunch]",
  ),
  'delete the tag of the group': asg('delete_tags', {
    Tags: [{ ResourceId: 'web', ResourceType: 'auto-scaling-group', Key: 'devops:asg' }],
  }),
  'read what is left of its tags': asg('describe_auto_scaling_groups', {}, 'AutoScalingGroups[].Tags[].Key'),
  'update an unknown group': asg('update_auto_scaling_group', { AutoScalingGroupName: 'absent', MinSize: 0 }),
  'set the sizes': asg('update_auto_scaling_group', { ...group, MinSize: 0, DesiredCapacity: 0 }),
  'read the sizes': asg('describe_auto_scaling_groups', {}, 'AutoScalingGroups[].[MinSize, MaxSize, DesiredCapacity]'),
  'set a desired capacity beyond the most': asg('update_auto_scaling_group', { ...group, DesiredCapacity: 9 }),
  'who is it': { service: 'sts', operation: 'get_caller_identity', query: 'Account' },
};

test.skipIf(boto3 === undefined || moto === undefined)(
  'moto and the twin say the same, but for the differences that are listed with the side that AWS takes',
  async () => {
    const [twinAnswers, motoAnswers] = await Promise.all([fromTwin(), fromMoto()]);
    const found: Record<string, unknown> = {};
    for (const [index, name] of Object.keys(scenario).entries()) {
      const [twin, other] = [told(twinAnswers[index]!), told(motoAnswers[index]!)];
      if (twin !== other) found[name] = { moto: other, twin };
    }
    const listed = Object.entries(differences).map(([name, entry]) => [name, { moto: entry.moto, twin: entry.twin }]);
    expect(found).toEqual(Object.fromEntries(listed));
    for (const { real, source } of Object.values(differences)) {
      expect(real).toMatch(/^(twin|moto|neither)$/);
      expect(source).not.toBe('');
    }
  },
  // moto takes long to load where the processors are busy.
  90_000,
);

async function fromTwin(): Promise<StepAnswer[]> {
  const twin = await startTwin({ accounts: [account] });
  onTestFinished(() => twin.stop());
  const region = twin.region();
  const [a, b, c, d] = [{}, {}, { disableApiStop: true }, { state: 'terminated' as const }].map((options) =>
    region.addInstance({ ...options, reservation: 'r-0123456789abcdef0' }),
  ) as [string, string, string, string];
  region.addGroup({ name: 'web', min: 1, max: 4, desired: 2, tags: { team: 'a' } });
  // The step that asks for the regions stands for the time that passes.
  twin.onCall(({ operation }, moment) => {
    if (operation === 'DescribeRegions' && moment === 'before') twin.clock.advance(120);
  });
  const ids: Record<string, string> = { $A: a, $B: b, $C: c, $D: d };
  const steps = JSON.stringify(Object.values(scenario)).replaceAll(/\$[A-D]\b/g, (name) => ids[name]!);
  return await throughBoto3(boto3!, twin.env, JSON.parse(steps) as Step[]).then((answers) => anonymous(answers, ids));
}

async function fromMoto(): Promise<StepAnswer[]> {
  const server = await startMoto(moto!);
  onTestFinished(() => server.stop());
  const one = { ImageId: 'ami-12c6146b', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 };
  const template = {
    LaunchTemplateName: 'web',
    LaunchTemplateData: { ImageId: one.ImageId, InstanceType: one.InstanceType },
  };
  const before: Step[] = [
    {
      ...ec2('run_instances', { ...one, MinCount: 3, MaxCount: 3 }),
      save: { A: 'Instances[0].InstanceId', B: 'Instances[1].InstanceId', D: 'Instances[2].InstanceId' },
    },
    { ...ec2('run_instances', { ...one, DisableApiStop: true }), save: { C: 'Instances[0].InstanceId' } },
    ec2('terminate_instances', { InstanceIds: ['$D'] }),
    ec2('create_launch_template', template),
    asg('create_auto_scaling_group', {
      ...group,
      MinSize: 1,
      MaxSize: 4,
      DesiredCapacity: 2,
      AvailabilityZones: ['eu-central-1a'],
      LaunchTemplate: { LaunchTemplateName: 'web', Version: '1' },
      Tags: [
        { Key: 'team', Value: 'a', PropagateAtLaunch: true, ResourceId: 'web', ResourceType: 'auto-scaling-group' },
      ],
    }),
    ec2('describe_instances', {}, 'Reservations[].Instances[].InstanceId'),
  ];
  const keys = { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' };
  const env = { ...keys, AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: server.url };
  const answers = await throughBoto3(boto3!, env, [...before, ...Object.values(scenario)]);
  const failed = answers.slice(0, before.length).find(({ error }) => error !== undefined);
  expect(failed).toBeUndefined();
  const launched = (index: number) => (answers[index]!.result as { Instances: { InstanceId: string }[] }).Instances;
  const [a, b, d] = launched(0).map(({ InstanceId }) => InstanceId) as [string, string, string];
  const ids = { $A: a, $B: b, $C: launched(1)[0]!.InstanceId, $D: d };
  return anonymous(answers.slice(before.length), ids);
}

function ec2(operation: string, values: Record<string, unknown>, query?: string): Step {
  return { service: 'ec2', operation, arguments: values, ...(query === undefined ? {} : { query }) };
}

function asg(operation: string, values: Record<string, unknown>, query?: string): Step {
  return { ...ec2(operation, values, query), service: 'autoscaling' };
}

function filtered(name: string, values: string[], query: string): Step {
  return ec2('describe_instances', { Filters: [{ Name: name, Values: values }] }, query);
}

/** With the names of the instances in the place of their ids, which each side draws for itself. */
function anonymous(answers: StepAnswer[], ids: Record<string, string>): StepAnswer[] {
  let text = JSON.stringify(answers);
  for (const [name, id] of Object.entries(ids)) text = text.replaceAll(id, name);
  const parsed = JSON.parse(text) as StepAnswer[];
  return parsed.map((answer) => (Array.isArray(answer.result) ? { result: answer.result } : answer));
}

/** One line for an answer: status, code and words of an error, or what was asked of the result. */
function told({ result, error }: StepAnswer): string {
  return error === undefined ? JSON.stringify(result) : `${error.status} ${error.code}: ${error.message}`;
}
