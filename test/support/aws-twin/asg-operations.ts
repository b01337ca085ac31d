import { resumeProcesses, setInstanceHealth, suspendProcesses, updateAutoScalingGroup } from './asg-change.ts';
import { describeAutoScalingGroups, describeWarmPool } from './asg-describe.ts';
import { createOrUpdateTags, deleteTags } from './asg-tags.ts';
import type { Operation } from './operation.ts';

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/ */
export const operations: Readonly<Record<string, Operation>> = {
  DescribeAutoScalingGroups: describeAutoScalingGroups,
  DescribeWarmPool: describeWarmPool,
  SuspendProcesses: suspendProcesses,
  ResumeProcesses: resumeProcesses,
  UpdateAutoScalingGroup: updateAutoScalingGroup,
  SetInstanceHealth: setInstanceHealth,
  CreateOrUpdateTags: createOrUpdateTags,
  DeleteTags: deleteTags,
};
