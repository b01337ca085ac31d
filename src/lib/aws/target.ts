import type { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import type { EC2Client } from '@aws-sdk/client-ec2';

/** Where questions go: one region, seen with one profile. Its clients are made when first asked for. */
export interface AwsTarget {
  region: string;
  /** Undefined: the default chain, which needs none. */
  profile?: string;
  /** How it is told to people: `eu-central-1`, or `prod eu-central-1` where there are several profiles. */
  label: string;
  ec2(): Promise<EC2Client>;
  autoScaling(): Promise<AutoScalingClient>;
  /** 12 digits, by STS GetCallerIdentity; asked once for each profile. */
  accountId(): Promise<string>;
  /** Ends the sockets of the clients that were made. */
  close(): void;
}
