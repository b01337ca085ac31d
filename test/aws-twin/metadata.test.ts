import { expect, onTestFinished, test } from 'vitest';
import { startTwin } from '../support/aws-twin/aws-twin.ts';
import { ask } from './send-signed.ts';

test('the metadata service answers with a token alone', async () => {
  const twin = await startTwin();
  onTestFinished(() => twin.stop());
  const id = twin.region('eu-west-1').addInstance();
  const { url, env, requests } = await twin.serveMetadata(id, 'eu-west-1');
  const get = (path: string, token = '') => fetch(`${url}${path}`, { headers: { 'x-aws-ec2-metadata-token': token } });
  expect(env['AWS_EC2_METADATA_SERVICE_ENDPOINT']).toBe(url);
  expect((await get('/latest/meta-data/instance-id')).status).toBe(401);
  const headers = { 'x-aws-ec2-metadata-token-ttl-seconds': '60' };
  const token = await (await fetch(`${url}/latest/api/token`, { method: 'PUT', headers })).text();
  expect(await (await get('/latest/meta-data/instance-id', token)).text()).toBe(id);
  expect(await (await get('/latest/dynamic/instance-identity/document', token)).json()).toMatchObject({
    instanceId: id,
    region: 'eu-west-1',
    accountId: '111122223333',
  });
  expect((await get('/latest/user-data', token)).status).toBe(404);
  expect((await fetch(`${url}/latest/api/token`, { headers })).status).toBe(400);
  expect(requests[0]).toBe('GET /latest/meta-data/instance-id');
});

test('a role of another account can be assumed, and its keys need their token and expire', async () => {
  const twin = await startTwin({ accounts: ['111122223333', '444455556666'] });
  onTestFinished(() => twin.stop());
  const assume = (RoleArn: string) => ask(twin, 'sts', 'AssumeRole', { RoleArn, RoleSessionName: 'devops' });
  const { text } = await assume('arn:aws:iam::444455556666:role/stopper');
  const part = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(text)![1]!;
  const keys = { accessKey: part('AccessKeyId'), secretKey: part('SecretAccessKey'), token: part('SessionToken') };
  const who = () => ask(twin, 'sts', 'GetCallerIdentity', {}, keys);
  expect((await who()).text).toContain('<Arn>arn:aws:sts::444455556666:assumed-role/stopper/devops</Arn>');
  const { token: _, ...without } = keys;
  expect(await ask(twin, 'sts', 'GetCallerIdentity', {}, without)).toMatchObject({ code: 'InvalidClientTokenId' });
  expect(await assume('arn:aws:iam::999999999999:role/x')).toMatchObject({ code: 'AccessDenied' });
  expect(await assume('nonsense')).toMatchObject({ code: 'ValidationError' });
  twin.skewSeconds = 3601;
  const signedAt = new Date(Date.now() + 3_601_000);
  expect(await ask(twin, 'sts', 'GetCallerIdentity', {}, { ...keys, signedAt })).toMatchObject({
    code: 'ExpiredToken',
  });
  expect(await ask(twin, 'ec2', 'DescribeInstances', {}, { ...keys, signedAt })).toMatchObject({
    code: 'RequestExpired',
  });
});

test('accounts have groups of the same name apart from each other', async () => {
  const twin = await startTwin({ accounts: ['111122223333', '444455556666'] });
  onTestFinished(() => twin.stop());
  twin.region('eu-central-1', '111122223333').addGroup({ name: 'web', desired: 1 });
  twin.region('eu-central-1', '444455556666').addGroup({ name: 'web', desired: 3 });
  const env = twin.accountEnv('444455556666');
  const keys = { accessKey: env['AWS_ACCESS_KEY_ID']!, secretKey: env['AWS_SECRET_ACCESS_KEY']! };
  const { text } = await ask(twin, 'autoscaling', 'DescribeAutoScalingGroups', {}, keys);
  expect(text).toContain('<DesiredCapacity>3</DesiredCapacity>');
  expect(text).not.toContain('<DesiredCapacity>1</DesiredCapacity>');
});
