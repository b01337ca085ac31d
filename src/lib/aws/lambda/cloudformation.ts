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
import type { PlannedSchedule } from './plan-schedules.ts';
import type { ResourceName, Statement } from './policy.ts';

type Data = string | number | boolean | readonly Data[] | { readonly [key: string]: Data };

/**
 * The template as data. The code is a path, which `aws cloudformation package` uploads and replaces.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html
 */
export function cloudFormationTemplate(plan: FunctionPlan): Data {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `devops ${plan.name}: ${plan.description}`.slice(0, 1024),
    Parameters: {
      ReservedConcurrency: {
        Type: 'String',
        Default: '1',
        AllowedValues: ['1', 'none'],
        Description: '1: one call at a time. none: in an account that has too few calls left to reserve one.',
      },
    },
    Conditions: { HasReservedConcurrency: { 'Fn::Equals': [{ Ref: 'ReservedConcurrency' }, '1'] } },
    Resources: {
      ...functionResources(plan),
      ...schedulerResources(plan),
      ...Object.fromEntries(plan.schedules.map((schedule) => [logicalId(schedule.name), scheduleResource(schedule)])),
    },
    Outputs: {
      FunctionName: { Value: { Ref: 'Function' } },
      FailedEvents: { Description: 'Queue of the events that could not be done', Value: { Ref: 'FailedEvents' } },
    },
  };
}

export async function cloudFormationText(plan: FunctionPlan): Promise<string> {
  const { dump } = await import('js-yaml');
  return dump(cloudFormationTemplate(plan), { lineWidth: -1, noRefs: true });
}

function functionResources(plan: FunctionPlan): Record<string, Data> {
  const { name, architecture, memoryMegabytes } = plan;
  const statements = plan.assumedRole === undefined ? plan.statements : [assume(plan.assumedRole)];
  return {
    Log: {
      Type: 'AWS::Logs::LogGroup',
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
      Properties: { LogGroupName: `/aws/lambda/${name}`, RetentionInDays: logDays },
    },
    FailedEvents: {
      Type: 'AWS::SQS::Queue',
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
      Properties: { MessageRetentionPeriod: queueRetention, SqsManagedSseEnabled: true },
    },
    FunctionRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
        Policies: [
          policy('power', statements.map(statementData)),
          policy('report', [
            {
              Sid: 'Log',
              Effect: 'Allow',
              Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              Resource: { 'Fn::GetAtt': ['Log', 'Arn'] },
            },
            sendToQueue,
          ]),
        ],
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      // Without its log group Lambda would make one that keeps everything for ever.
      DependsOn: 'Log',
      Properties: {
        FunctionName: name,
        Description: plan.description.slice(0, 256),
        Runtime: functionRuntime,
        Architectures: [architecture],
        Handler: 'index.handler',
        Code: `./${archiveName}`,
        MemorySize: memoryMegabytes,
        Timeout: functionTimeout,
        ReservedConcurrentExecutions: { 'Fn::If': ['HasReservedConcurrency', 1, { Ref: 'AWS::NoValue' }] },
        Role: { 'Fn::GetAtt': ['FunctionRole', 'Arn'] },
      },
    },
    FunctionRetries: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: 'Function' },
        Qualifier: '$LATEST',
        MaximumEventAgeInSeconds: eventAge,
        MaximumRetryAttempts: eventRetries,
        DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['FailedEvents', 'Arn'] } } },
      },
    },
  };
}

function schedulerResources({ name }: FunctionPlan): Record<string, Data> {
  return {
    SchedulerRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: trust('scheduler.amazonaws.com'),
        Policies: [
          policy('call', [
            {
              Sid: 'Call',
              Effect: 'Allow',
              Action: ['lambda:InvokeFunction'],
              Resource: { 'Fn::GetAtt': ['Function', 'Arn'] },
            },
            sendToQueue,
          ]),
        ],
      },
    },
    Schedules: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: name } },
  };
}

function scheduleResource({ name, description, expression, zone, input }: PlannedSchedule): Data {
  return {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name: name,
      GroupName: { Ref: 'Schedules' },
      Description: description,
      ScheduleExpression: expression,
      ScheduleExpressionTimezone: zone,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { 'Fn::GetAtt': ['Function', 'Arn'] },
        RoleArn: { 'Fn::GetAtt': ['SchedulerRole', 'Arn'] },
        Input: input,
        RetryPolicy: { MaximumEventAgeInSeconds: eventAge, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['FailedEvents', 'Arn'] } },
      },
    },
  };
}

const sendToQueue: Data = {
  Sid: 'FailedEvents',
  Effect: 'Allow',
  Action: ['sqs:SendMessage'],
  Resource: { 'Fn::GetAtt': ['FailedEvents', 'Arn'] },
};

function assume(role: string): Statement {
  return { Sid: 'TakeOnRole', Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: [role] };
}

function policy(name: string, statements: readonly Data[]): Data {
  return { PolicyName: name, PolicyDocument: { Version: '2012-10-17', Statement: statements } };
}

function trust(service: string): Data {
  const statement: Data = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
  // Scheduler's own advice against schedules of strangers that use the role.
  const ours = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
  const limited = service === 'scheduler.amazonaws.com' ? { ...statement, Condition: ours } : statement;
  return { Version: '2012-10-17', Statement: [limited] };
}

function statementData({ Resource, Condition, ...rest }: Statement): Data {
  const names = Resource === '*' ? Resource : Resource.map((one) => (typeof one === 'string' ? one : arn(one)));
  return { ...rest, Resource: names, ...(Condition === undefined ? {} : { Condition }) };
}

function arn({ service, region = '${AWS::Region}', path }: ResourceName): Data {
  const head = `arn:\${AWS::Partition}:${service}:${region}:\${AWS::AccountId}:`;
  // A name of somebody else's may look like a variable: then it is the value of one.
  return path.includes('${') ? { 'Fn::Sub': [`${head}\${Path}`, { Path: path }] } : { 'Fn::Sub': head + path };
}

/** Logical ids have letters and digits alone: `StopFri1900`. */
function logicalId(name: string): string {
  return name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
}
