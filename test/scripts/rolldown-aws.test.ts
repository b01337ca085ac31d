import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awsGroups, awsSdk } from '../../scripts/rolldown-aws.ts';
import { operations } from './aws-wire/operations.ts';

/** Answers with what the schemas describe: nested lists, renamed fields, times, numbers, flags. */
const answers: Readonly<Record<string, string>> = {
  DescribeInstances: `<reservationSet><item><reservationId>r-1</reservationId><ownerId>111122223333</ownerId><instancesSet><item>
    <instanceId>i-1</instanceId><instanceState><code>16</code><name>running</name></instanceState><launchTime>2026-11-20T19:00:00.000Z</launchTime>
    <placement><availabilityZone>eu-central-1a</availabilityZone></placement><tagSet><item><key>a</key><value>b &amp; c</value></item></tagSet>
    <networkInterfaceSet><item><ipv6AddressesSet><item><ipv6Address>2001:db8::1</ipv6Address><isPrimaryIpv6>true</isPrimaryIpv6></item></ipv6AddressesSet>
    <privateIpAddressesSet><item><privateIpAddress>10.0.0.1</privateIpAddress><association><publicIp>198.51.100.1</publicIp></association></item></privateIpAddressesSet></item></networkInterfaceSet>
    <hibernationOptions><configured>true</configured></hibernationOptions></item></instancesSet></item></reservationSet><nextToken>more</nextToken>`,
  DescribeInstanceStatus: `<instanceStatusSet><item><instanceId>i-1</instanceId><instanceStatus><status>ok</status></instanceStatus></item></instanceStatusSet>`,
  DescribeSpotInstanceRequests: `<spotInstanceRequestSet><item><spotInstanceRequestId>sir-1</spotInstanceRequestId><type>persistent</type></item></spotInstanceRequestSet>`,
  DescribeRegions: `<regionInfo><item><regionName>eu-central-1</regionName><optInStatus>opt-in-not-required</optInStatus></item></regionInfo>`,
  StopInstances: `<instancesSet><item><instanceId>i-1</instanceId><currentState><code>64</code><name>stopping</name></currentState></item></instancesSet>`,
  StartInstances: `<instancesSet><item><instanceId>i-1</instanceId><currentState><code>0</code><name>pending</name></currentState></item></instancesSet>`,
  DescribeAutoScalingGroups: `<DescribeAutoScalingGroupsResult><AutoScalingGroups><member><AutoScalingGroupName>web</AutoScalingGroupName><MinSize>1</MinSize>
    <Instances><member><InstanceId>i-1</InstanceId><ProtectedFromScaleIn>false</ProtectedFromScaleIn></member></Instances>
    <SuspendedProcesses><member><ProcessName>Launch</ProcessName></member></SuspendedProcesses><CreatedTime>2026-11-20T19:00:00.123Z</CreatedTime></member></AutoScalingGroups></DescribeAutoScalingGroupsResult>`,
  DescribeScalingActivities: `<DescribeScalingActivitiesResult><Activities><member><ActivityId>1</ActivityId><Progress>100</Progress></member></Activities></DescribeScalingActivitiesResult>`,
  DescribeWarmPool: `<DescribeWarmPoolResult><Instances><member><InstanceId>i-2</InstanceId></member></Instances></DescribeWarmPoolResult>`,
  GetCallerIdentity: `<GetCallerIdentityResult><Account>111122223333</Account><Arn>arn:aws:iam::111122223333:user/x</Arn></GetCallerIdentityResult>`,
  AssumeRole: `<AssumeRoleResult><Credentials><AccessKeyId>AKIA</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2026-11-20T20:00:00Z</Expiration></Credentials></AssumeRoleResult>`,
};

interface SentRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

type Operations = typeof operations;
let folder: string;
let bundled: Operations;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'devops-aws-'));
  const here = join(import.meta.dirname, 'aws-wire');
  const bundle = await rolldown({
    input: { operations: join(here, 'operations.ts') },
    platform: 'node',
    plugins: [awsSdk(here)],
    resolve: { mainFields: ['module', 'main'] },
  });
  await bundle.write({
    dir: folder,
    format: 'cjs',
    minify: true,
    externalLiveBindings: false,
    codeSplitting: { groups: awsGroups },
  });
  await bundle.close();
  bundled = (createRequire(join(folder, 'x.cjs'))('./operations.js') as { operations: Operations }).operations;
}, 30_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.for(Object.keys(operations))('the bundled SDK sends and reads %s as the SDK does', async (name) => {
  const whole = await exchange(operations[name]!, name);
  const ours = await exchange(bundled[name]!, name);
  expect(whole.sent.body).toContain(`Action=${name.split(' ', 1)[0]}`);
  expect(ours).toEqual(whole);
});

test('the bundled SDK names a refusal as the SDK does', async () => {
  const refusal = (error: string): string => `<Response><Errors>${error}</Errors><RequestID>1</RequestID></Response>`;
  const body = refusal('<Error><Code>InvalidInstanceID.NotFound</Code><Message>no i-1</Message></Error>');
  const caught = async (ask: Operations[string]): Promise<unknown> => {
    const error = await ask(settings([], body, 400)).catch((reason: unknown) => reason);
    const { name, message, Code } = error as Error & { Code: string };
    return { name, message, Code };
  };
  const ours = await caught(bundled['StopInstances']!);
  expect(ours).toEqual({ name: 'InvalidInstanceID.NotFound', message: 'no i-1', Code: 'InvalidInstanceID.NotFound' });
  expect(ours).toEqual(await caught(operations['StopInstances']!));
});

async function exchange(ask: Operations[string], name: string): Promise<{ sent: SentRequest; output: unknown }> {
  const sent: SentRequest[] = [];
  const operation = name.split(' ', 1)[0]!;
  const answer = `<${operation}Response>${answers[name] ?? '<return>true</return>'}</${operation}Response>`;
  const output = await ask(settings(sent, answer, 200));
  expect(sent).toHaveLength(1);
  return { sent: sent[0]!, output };
}

/** A handler in the place of the network: nothing leaves, and what would have is noted. */
function settings(sent: SentRequest[], body: string, statusCode: number): Parameters<Operations[string]>[0] {
  return {
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
    requestHandler: {
      handle: (request: {
        method: string;
        hostname: string;
        path: string;
        headers: Record<string, string>;
        body: string;
      }) => {
        sent.push({
          method: request.method,
          path: request.hostname + request.path,
          headers: comparable(request.headers),
          body: request.body,
        });
        const response = {
          statusCode,
          headers: { 'content-type': 'text/xml' },
          body: Readable.from([Buffer.from(body)]),
        };
        return Promise.resolve({ response: response as never });
      },
      destroy: () => {},
    } as never,
  };
}

/** Without what differs by the moment and by the SDK's own version, which its two builds tell differently. */
function comparable(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !['amz-sdk-invocation-id', 'x-amz-date'].includes(name))
      .map(([name, value]) => [
        name,
        name === 'authorization'
          ? value.replace(/Signature=[0-9a-f]+/, '').replace(/\/\d{8}\//, '/DATE/')
          : value.replace(/\d+\.\d+\.\d+/g, 'VERSION'),
      ]),
  );
}
