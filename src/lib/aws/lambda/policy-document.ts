import type { ResourceName, Statement } from './policy.ts';

/** The statements as a document of their own, for a role that is made by hand: in any account, and in any region unless some are named. */
export function policyDocument(statements: readonly Statement[]): string {
  const document = { Version: '2012-10-17', Statement: statements.map(plainStatement) };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** Without spaces, as IAM counts; with room for the names of a region and an account in each ARN. */
export function policyCharacters(statements: readonly Statement[]): number {
  const names = statements.reduce((sum, { Resource }) => sum + (Resource === '*' ? 0 : Resource.length), 0);
  return JSON.stringify(statements.map(plainStatement)).length + names * longestNames;
}

const longestNames = 30;

function plainStatement({ Resource, ...rest }: Statement): object {
  const { Condition, ...head } = rest;
  const names = Resource === '*' ? Resource : Resource.map((one) => (typeof one === 'string' ? one : arn(one)));
  return { ...head, Resource: names, ...(Condition === undefined ? {} : { Condition }) };
}

function arn({ service, region = '*', path }: ResourceName): string {
  return `arn:${partitionOf(region)}:${service}:${region}:*:${path}`;
}

/** https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
