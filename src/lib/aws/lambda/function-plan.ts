import type { PlannedSchedule } from './plan-schedules.ts';
import type { Statement } from './policy.ts';

/** All that both templates are made of. */
export interface FunctionPlan {
  /** Of the function, and of the group of its schedules. */
  name: string;
  /** `--off weekend`, for people. */
  description: string;
  architecture: 'arm64' | 'x86_64';
  memoryMegabytes: number;
  /** What the machines' account allows. */
  statements: readonly Statement[];
  /** ARN of the role of another account that the function takes on; its policy is then that role's. */
  assumedRole?: string | undefined;
  schedules: readonly PlannedSchedule[];
}

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html: supported until April 2028. */
export const functionRuntime = 'nodejs24.x';
export const archiveName = 'devops-lambda.zip';
/** Seconds: the longest that Lambda allows, for instances take minutes to stop. */
export const functionTimeout = 900;
export const logDays = 30;
/** Seconds that what failed is kept: the longest that SQS allows. */
export const queueRetention = 1_209_600;
/** Seconds after which an event is too old to be tried again. The next call of the hour does what it would have done. */
export const eventAge = 3600;
export const eventRetries = 2;
