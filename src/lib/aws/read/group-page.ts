import type { GroupMember, GroupRow, SuspendedProcess } from '../group-row.ts';
import { element, text } from '../xml/element.ts';
import { XmlMistake } from '../xml/xml-mistake.ts';
import { createIntern } from './intern.ts';
import { largestItem, mostRows } from './limits.ts';
import type { PageReader } from './page.ts';
import { refusalElements } from './refusal-elements.ts';
import { tagElements } from './tag-elements.ts';

/** A group as it comes: its numbers are texts. */
interface GroupDraft {
  name: string;
  arn: string;
  min: string;
  max: string;
  desired: string;
  status: string;
  members: GroupMember[];
  suspended: SuspendedProcess[];
  hasWarmPool: boolean;
  isMixed: boolean;
}

const emptyGroup = (): GroupDraft => ({
  name: '',
  arn: '',
  min: '',
  max: '',
  desired: '',
  status: '',
  members: [],
  suspended: [],
  hasWarmPool: false,
  isMixed: false,
});

/**
 * Reads one answer of DescribeAutoScalingGroups (API version 2011-01-01), whose lists are of `member`.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingGroup.html
 */
export function groupPageReader(intern = createIntern()): PageReader<GroupRow> {
  let rows: GroupRow[] = [];
  const refused = refusalElements();
  const { list, forget, tags } = tagElements({ entry: 'member', key: 'Key', value: 'Value' }, undefined, intern);
  let nextToken = '';
  let group = emptyGroup();
  let member: GroupMember = emptyMember();
  let type = '';
  let suspension: SuspendedProcess = { process: '', reason: '' };

  const instances = element({
    member: element(
      {
        InstanceId: text((value) => (member.id = value)),
        AvailabilityZone: text((value) => (member.zone = intern(value))),
        LifecycleState: text((value) => (member.lifecycle = intern(value))),
        HealthStatus: text((value) => (member.health = intern(value))),
        InstanceType: text((value) => (type = intern(value))),
        ProtectedFromScaleIn: text((value) => {
          if (value === 'true') member.protectedFromScaleIn = true;
        }),
      },
      {
        limit: largestItem,
        enter() {
          member = emptyMember();
          type = '';
        },
        leave() {
          if (member.id === '') throw new XmlMistake('broken', 'has a member of a group without an id');
          group.members.push(type === '' ? member : { ...member, type });
        },
      },
    ),
  });
  const suspended = element({
    member: element(
      {
        ProcessName: text((value) => (suspension.process = intern(value))),
        SuspensionReason: text((value) => (suspension.reason = value)),
      },
      {
        enter: () => (suspension = { process: '', reason: '' }),
        leave: () => group.suspended.push(suspension),
      },
    ),
  });
  const item = element(
    {
      AutoScalingGroupName: text((value) => (group.name = value)),
      AutoScalingGroupARN: text((value) => (group.arn = value)),
      MinSize: text((value) => (group.min = value)),
      MaxSize: text((value) => (group.max = value)),
      DesiredCapacity: text((value) => (group.desired = value)),
      Status: text((value) => (group.status = value)),
      Instances: instances,
      SuspendedProcesses: suspended,
      Tags: list,
      WarmPoolConfiguration: element({}, { enter: () => (group.hasWarmPool = true) }),
      MixedInstancesPolicy: element({}, { enter: () => (group.isMixed = true) }),
    },
    {
      enter() {
        group = emptyGroup();
        forget();
      },
      leave() {
        if (rows.length === mostRows) throw new XmlMistake('too-large', `has more than ${mostRows} groups`);
        rows.push(groupRow(group, tags()));
      },
    },
  );
  const result = element({
    AutoScalingGroups: element({ member: item }),
    NextToken: text((value) => (nextToken = value)),
  });
  const root = element({ DescribeAutoScalingGroupsResult: result, Errors: refused.errors });
  return {
    document: element({ DescribeAutoScalingGroupsResponse: root, ...refused.roots }),
    begin() {
      rows = [];
      nextToken = '';
      refused.begin();
    },
    refusal: refused.refusal,
    page: () => (nextToken === '' ? { rows } : { rows, nextToken }),
  };
}

const emptyMember = (): GroupMember => ({ id: '', zone: '', lifecycle: '', health: '' });

/** A group without its name or one of its sizes cannot be judged or restored: XmlMistake. */
function groupRow(draft: GroupDraft, tags: ReadonlyMap<string, string>): GroupRow {
  const { name, arn, status, members, suspended, hasWarmPool, isMixed } = draft;
  if (name === '') throw new XmlMistake('broken', 'has an autoscaling group without a name');
  const size = (word: string, what: string): number => {
    if (/^[0-9]{1,9}$/.test(word)) return Number(word);
    throw new XmlMistake('broken', `tells no ${what} of ${name}`);
  };
  const row: GroupRow = {
    name,
    arn,
    min: size(draft.min, 'MinSize'),
    max: size(draft.max, 'MaxSize'),
    desired: size(draft.desired, 'DesiredCapacity'),
    members,
    suspended,
    tags,
    hasWarmPool,
    isMixed,
  };
  if (status !== '') row.status = status;
  return row;
}
