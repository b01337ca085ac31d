import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { policyDocument } from '../../../../src/lib/aws/lambda/policy-document.ts';
import { powerStatements, readStatements } from '../../../../src/lib/aws/lambda/policy.ts';
import { parseSelection } from '../../../../src/lib/aws/power/parse-selection.ts';

const guide = readFileSync(join(import.meta.dirname, '../../../../docs/aws.md'), 'utf8');
const documented = [...guide.matchAll(/^```json\n(.*?)^```$/gms)]
  .map(([, text]) => JSON.parse(text!) as object)
  .filter((one) => 'Statement' in one);

test('the policies in docs/aws.md are those that the code makes', () => {
  const power = powerStatements({
    selection: parseSelection({ ids: [], tag: ['env=dev'], filters: [], asg: [] }),
    groupMembers: 'suspend',
    regions: [],
    kmsKeys: [],
  });
  expect(documented).toEqual([readStatements, power].map((one) => JSON.parse(policyDocument(one)) as unknown));
});

test.each([
  [['cn-north-1'], 'arn:aws-cn:ec2:cn-north-1:*:instance/*'],
  [['us-gov-west-1'], 'arn:aws-us-gov:ec2:us-gov-west-1:*:instance/*'],
  [['eu-west-1'], 'arn:aws:ec2:eu-west-1:*:instance/*'],
  [['all'], 'arn:aws:ec2:*:*:instance/*'],
])('a policy for %s names %s', (regions, arn) => {
  const selection = parseSelection({ ids: [], tag: [], filters: [], asg: [], all: true });
  expect(policyDocument(powerStatements({ selection, groupMembers: 'skip', regions, kmsKeys: [] }))).toContain(
    `"${arn}"`,
  );
});
