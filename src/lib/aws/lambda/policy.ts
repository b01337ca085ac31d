import { UserError } from '../../errors/user-error.ts';
import { quoted } from '../../text/quoted.ts';
import type { Selection } from '../power/parse-selection.ts';
import { groupTag, stoppedTag } from '../power/remember.ts';
import { type Conditions, tagConditions, variableFree } from './tag-conditions.ts';

/** A part of a policy. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
export interface Statement {
  Sid: string;
  Effect: 'Allow';
  Action: readonly string[];
  /** A string is a whole ARN. */
  Resource: '*' | readonly (ResourceName | string)[];
  Condition?: Conditions;
}

/** The end of an ARN in the regions that are meant, in the account of the policy. */
export interface ResourceName {
  service: 'ec2' | 'autoscaling';
  /** `*`: every region; undefined: the one in which the function is. */
  region: string | undefined;
  /** `instance/*`: in the words of a policy, where * is any text. */
  path: string;
}

export interface PolicyRequest {
  selection: Selection;
  /** A tag that every instance has to have: --schedule-tag. */
  scheduleTag?: string | undefined;
  groupMembers: 'skip' | 'suspend' | 'zero';
  /** As typed; empty: the region of the function. */
  regions: readonly string[];
  /** Keys of the customer with which volumes are encrypted. */
  kmsKeys: readonly string[];
}

/** What stop-instances and start-instances call with these selectors, and nothing else. */
export function powerStatements(request: PolicyRequest): readonly Statement[] {
  const { selection, groupMembers, kmsKeys } = request;
  const { ids } = selection;
  const instances = named(request, 'ec2', ids.length === 0 ? ['instance/*'] : ids.map((id) => `instance/${id}`));
  const chosen = tagConditions(selection, request.scheduleTag);
  return [
    { Sid: 'Look', Effect: 'Allow', Action: looks(request), Resource: '*' },
    {
      Sid: 'StopAndStart',
      Effect: 'Allow',
      Action: ['ec2:StartInstances', 'ec2:StopInstances'],
      Resource: instances,
      ...condition(chosen),
    },
    {
      Sid: 'Remember',
      Effect: 'Allow',
      Action: ['ec2:CreateTags', 'ec2:DeleteTags'],
      Resource: instances,
      ...condition(merged(chosen, onlyTag(stoppedTag))),
    },
    ...(groupMembers === 'skip' ? [] : groupStatements(request, groupMembers)),
    ...(kmsKeys.length === 0 ? [] : [kmsStatement(kmsKeys)]),
  ];
}

/** What asg-ips calls. */
export const readStatements: readonly Statement[] = [
  {
    Sid: 'Look',
    Effect: 'Allow',
    Action: ['autoscaling:DescribeAutoScalingGroups', 'ec2:DescribeInstances', 'ec2:DescribeRegions'],
    Resource: '*',
  },
];

/** These know no resources: IAM allows them for all or for none. */
function looks({ groupMembers, selection, regions }: PolicyRequest): readonly string[] {
  const groups = groupMembers !== 'skip' || selection.groups.length > 0;
  return [
    ...(groups ? ['autoscaling:DescribeAutoScalingGroups'] : []),
    ...(groupMembers === 'zero' ? ['autoscaling:DescribeScalingActivities'] : []),
    ...(groupMembers === 'suspend' ? ['ec2:DescribeInstanceStatus'] : []),
    'ec2:DescribeInstances',
    ...(regions.includes('all') ? ['ec2:DescribeRegions'] : []),
    // Tells which spot instances cannot be stopped.
    'ec2:DescribeSpotInstanceRequests',
  ];
}

/** A group need not have the tags of its members, so only its name can narrow this. */
function groupStatements(request: PolicyRequest, mode: 'suspend' | 'zero'): readonly Statement[] {
  const { groups } = request.selection;
  const names = groups.length === 0 ? ['*'] : groups.map(variableFree);
  const resource = named(
    request,
    'autoscaling',
    names.map((name) => `autoScalingGroup:*:autoScalingGroupName/${name}`),
  );
  return [
    {
      Sid: 'Groups',
      Effect: 'Allow',
      Action:
        mode === 'zero'
          ? ['autoscaling:UpdateAutoScalingGroup']
          : ['autoscaling:ResumeProcesses', 'autoscaling:SetInstanceHealth', 'autoscaling:SuspendProcesses'],
      Resource: resource,
    },
    {
      Sid: 'RememberGroups',
      Effect: 'Allow',
      Action: ['autoscaling:CreateOrUpdateTags', 'autoscaling:DeleteTags'],
      Resource: resource,
      Condition: onlyTag(groupTag),
    },
  ];
}

/** Starting an instance hands its volumes' key to EC2. */
function kmsStatement(keys: readonly string[]): Statement {
  for (const key of keys) {
    if (/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/.test(key)) continue;
    throw new UserError(`--kms-key ${quoted(key)} is no ARN of a key`, {
      code: 'usage',
      hints: ['such as arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'],
    });
  }
  return {
    Sid: 'EncryptedVolumes',
    Effect: 'Allow',
    Action: ['kms:CreateGrant'],
    Resource: keys,
    Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  };
}

function named({ regions }: PolicyRequest, service: ResourceName['service'], paths: readonly string[]): ResourceName[] {
  const places = regions.length === 0 ? [undefined] : regions.includes('all') ? ['*'] : [...new Set(regions)];
  return places.flatMap((region) => paths.map((path) => ({ service, region, path })));
}

/** `ForAllValues` holds for none at all, too. */
function onlyTag(key: string): Conditions {
  return { 'ForAllValues:StringEquals': { 'aws:TagKeys': [key] }, Null: { 'aws:TagKeys': 'false' } };
}

function merged(first: Conditions, second: Conditions): Conditions {
  const names = new Set([...Object.keys(first), ...Object.keys(second)]);
  return Object.fromEntries(Array.from(names, (name) => [name, { ...first[name], ...second[name] }]));
}

function condition(conditions: Conditions): { Condition?: Conditions } {
  return Object.keys(conditions).length === 0 ? {} : { Condition: conditions };
}
