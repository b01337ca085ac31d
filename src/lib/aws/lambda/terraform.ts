import {
  archiveName,
  eventAge,
  eventRetries,
  type FunctionPlan,
  functionRuntime,
  functionTimeout,
  logDays,
  queueRetention,
} from './function-plan.ts';
import { type HclBlock, type HclBody, hclString, hclText, type HclValue } from './hcl.ts';
import type { ResourceName, Statement } from './policy.ts';

const code = (expression: string): HclValue => ({ expression });
const json = (argument: HclValue): HclValue => ({ call: 'jsonencode', argument });
const resource = (type: string, name: string, body: HclBody): HclBlock => ({
  block: 'resource',
  labels: [type, name],
  body,
});

/** The module as text. https://registry.terraform.io/providers/hashicorp/aws/latest/docs */
export function terraformText(plan: FunctionPlan): string {
  return hclText([
    ...frame,
    ...functionBlocks(plan),
    ...schedulerBlocks(plan),
    ...plan.schedules.map((schedule) =>
      resource('aws_scheduler_schedule', schedule.name.replaceAll('-', '_'), [
        ['name', schedule.name],
        ['group_name', code('aws_scheduler_schedule_group.devops.name')],
        ['description', schedule.description],
        ['schedule_expression', schedule.expression],
        ['schedule_expression_timezone', schedule.zone],
        ['depends_on', [code('aws_iam_role_policy.scheduler_call')]],
        { block: 'flexible_time_window', body: [['mode', 'OFF']] },
        {
          block: 'target',
          body: [
            ['arn', code('aws_lambda_function.devops.arn')],
            ['role_arn', code('aws_iam_role.scheduler.arn')],
            ['input', schedule.input],
            {
              block: 'retry_policy',
              body: [
                ['maximum_event_age_in_seconds', eventAge],
                ['maximum_retry_attempts', 185],
              ],
            },
            { block: 'dead_letter_config', body: [['arn', code('aws_sqs_queue.failed_events.arn')]] },
          ],
        },
      ]),
    ),
  ]);
}

const frame: readonly HclBlock[] = [
  {
    block: 'terraform',
    body: [
      ['required_version', '>= 1.3'],
      {
        block: 'required_providers',
        // The first one that knows the function's runtime.
        body: [['aws', { source: 'hashicorp/aws', version: '>= 6.20' }]],
      },
    ],
  },
  {
    block: 'variable',
    labels: ['reserved_concurrency'],
    body: [
      ['type', code('number')],
      ['default', 1],
      ['description', '1: one call at a time. -1: in an account that has too few calls left to reserve one.'],
    ],
  },
  { block: 'data', labels: ['aws_partition', 'current'], body: [] },
  { block: 'data', labels: ['aws_region', 'current'], body: [] },
  { block: 'data', labels: ['aws_caller_identity', 'current'], body: [] },
];

function functionBlocks(plan: FunctionPlan): HclBlock[] {
  const { name, description, architecture, memoryMegabytes, assumedRole } = plan;
  const power =
    assumedRole === undefined
      ? plan.statements.map(statementValue)
      : [{ Sid: 'TakeOnRole', Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: [assumedRole] }];
  return [
    resource('aws_cloudwatch_log_group', 'devops', [
      ['name', `/aws/lambda/${name}`],
      ['retention_in_days', logDays],
    ]),
    resource('aws_sqs_queue', 'failed_events', [
      ['name', `${name}-failed-events`],
      ['message_retention_seconds', queueRetention],
      ['sqs_managed_sse_enabled', true],
    ]),
    resource('aws_iam_role', 'function', [
      ['name', `${name}-function`],
      ['assume_role_policy', trust('lambda.amazonaws.com')],
    ]),
    rolePolicy('function', 'power', power),
    rolePolicy('function', 'report', [
      {
        Sid: 'Log',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: code('"${aws_cloudwatch_log_group.devops.arn}:*"'),
      },
      sendToQueue,
    ]),
    resource('aws_lambda_function', 'devops', [
      ['function_name', name],
      ['description', description.slice(0, 256)],
      ['filename', code(`"\${path.module}/${archiveName}"`)],
      ['source_code_hash', code(`filebase64sha256("\${path.module}/${archiveName}")`)],
      ['runtime', functionRuntime],
      ['architectures', [architecture]],
      ['handler', 'index.handler'],
      ['memory_size', memoryMegabytes],
      ['timeout', functionTimeout],
      ['reserved_concurrent_executions', code('var.reserved_concurrency')],
      ['role', code('aws_iam_role.function.arn')],
      // Without its log group Lambda would make one that keeps everything for ever.
      ['depends_on', [code('aws_cloudwatch_log_group.devops'), code('aws_iam_role_policy.function_power')]],
    ]),
    resource('aws_lambda_function_event_invoke_config', 'devops', [
      ['function_name', code('aws_lambda_function.devops.function_name')],
      ['maximum_event_age_in_seconds', eventAge],
      ['maximum_retry_attempts', eventRetries],
      // Lambda looks whether the role may write to the queue.
      ['depends_on', [code('aws_iam_role_policy.function_report')]],
      {
        block: 'destination_config',
        body: [{ block: 'on_failure', body: [['destination', code('aws_sqs_queue.failed_events.arn')]] }],
      },
    ]),
  ];
}

function schedulerBlocks({ name }: FunctionPlan): HclBlock[] {
  return [
    resource('aws_iam_role', 'scheduler', [
      ['name', `${name}-scheduler`],
      ['assume_role_policy', trust('scheduler.amazonaws.com')],
    ]),
    rolePolicy('scheduler', 'call', [
      {
        Sid: 'Call',
        Effect: 'Allow',
        Action: ['lambda:InvokeFunction'],
        Resource: code('aws_lambda_function.devops.arn'),
      },
      sendToQueue,
    ]),
    resource('aws_scheduler_schedule_group', 'devops', [['name', name]]),
  ];
}

const sendToQueue: HclValue = {
  Sid: 'FailedEvents',
  Effect: 'Allow',
  Action: ['sqs:SendMessage'],
  Resource: code('aws_sqs_queue.failed_events.arn'),
};

function rolePolicy(role: string, name: string, statements: readonly HclValue[]): HclBlock {
  return resource('aws_iam_role_policy', `${role}_${name}`, [
    ['name', name],
    ['role', code(`aws_iam_role.${role}.id`)],
    ['policy', json({ Version: '2012-10-17', Statement: statements })],
  ]);
}

function trust(service: string): HclValue {
  const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
  // Scheduler's own advice against schedules of strangers that use the role.
  const ours = { StringEquals: { 'aws:SourceAccount': code('data.aws_caller_identity.current.account_id') } };
  const limited = service === 'scheduler.amazonaws.com' ? { ...statement, Condition: ours } : statement;
  return json({ Version: '2012-10-17', Statement: [limited] });
}

function statementValue({ Resource, Condition, ...rest }: Statement): HclValue {
  const names = Resource === '*' ? Resource : Resource.map((one) => (typeof one === 'string' ? one : arn(one)));
  return { ...rest, Resource: names, ...(Condition === undefined ? {} : { Condition }) };
}

function arn({ service, region = '${data.aws_region.current.region}', path }: ResourceName): HclValue {
  const account = '${data.aws_caller_identity.current.account_id}';
  const literal = hclString(path).slice(1);
  return code(`"arn:\${data.aws_partition.current.partition}:${service}:${region}:${account}:${literal}`);
}
