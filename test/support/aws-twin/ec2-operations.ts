import { describeInstances, describeInstanceStatus, describeRegions } from './ec2-describe.ts';
import { startInstances, stopInstances } from './ec2-power.ts';
import { describeSpotInstanceRequests } from './ec2-spot.ts';
import { createTags, deleteTags } from './ec2-tags.ts';
import type { Operation } from './operation.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/ */
export const operations: Readonly<Record<string, Operation>> = {
  DescribeInstances: describeInstances,
  DescribeInstanceStatus: describeInstanceStatus,
  DescribeRegions: describeRegions,
  DescribeSpotInstanceRequests: describeSpotInstanceRequests,
  StopInstances: stopInstances,
  StartInstances: startInstances,
  CreateTags: createTags,
  DeleteTags: deleteTags,
};
