import type { AwsTarget } from '../target.ts';

/** What is told of the place where it failed. */
export type FailedTarget = Pick<AwsTarget, 'region' | 'label' | 'profile'>;
