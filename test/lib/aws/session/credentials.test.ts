import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { redactText } from '../../../../src/lib/log/redact.ts';
import { openTargets, type TargetRequest } from '../../../../src/lib/aws/open-targets.ts';
import { answering, staticKeys, sts, targetRequest } from './answering.ts';

let folder: string;
let files: Record<string, string>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-keys-'));
  files = { AWS_CONFIG_FILE: join(folder, 'config'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') };
  const node = JSON.stringify(process.execPath);
  const keys = join(folder, 'keys.cjs');
  const broken = join(folder, 'broken.cjs');
  writeFileSync(keys, `console.log(JSON.stringify({ Version: 1, AccessKeyId: 'AKIDPROCESS', SecretAccessKey: 'x' }))`);
  writeFileSync(broken, `console.error('vault is sealed\\npassword=hunter2'); process.exit(3)`);
  writeFileSync(
    files['AWS_CONFIG_FILE']!,
    `[default]
region = eu-west-1
[profile static]
aws_access_key_id = AKIDSTATIC
aws_secret_access_key = x
[profile admin]
role_arn = arn:aws:iam::111122223333:role/admin
source_profile = static
region = ap-south-1
[profile factor]
role_arn = arn:aws:iam::111122223333:role/admin
source_profile = static
mfa_serial = arn:aws:iam::111122223333:mfa/me
[profile process]
credential_process = ${node} ${keys}
[profile broken]
credential_process = ${node} ${broken} --token geheim
[profile mute]
credential_process = false
[profile garbled]
credential_process = echo hello
[profile login]
sso_start_url = https://corp.awsapps.example/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = dev
[profile session]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = dev
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.example/start
[profile cycle]
role_arn = arn:aws:iam::111122223333:role/admin
source_profile = cycle2
[profile half]
aws_access_key_id = AKIDHALF
[profile "two words"]
aws_access_key_id = AKIDWORDS
aws_secret_access_key = x
[profile nowhere]
sso_session = gone
sso_account_id = 111122223333
sso_role_name = dev
[profile lost]
role_arn = arn:aws:iam::111122223333:role/admin
source_profile = statik
[profile cycle2]
role_arn = arn:aws:iam::111122223333:role/admin
source_profile = cycle
`,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The key id that requests are signed with. */
async function keyId(env: Record<string, string>, rest: Partial<TargetRequest> = {}): Promise<string> {
  const [target] = await openTargets(targetRequest({ ...files, ...env }, { regions: ['eu-west-1'], ...rest }));
  const client = await target!.ec2();
  return (await client.config.credentials()).accessKeyId;
}

async function failure(env: Record<string, string>, rest: Partial<TargetRequest> = {}) {
  const error = await keyId(env, rest).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'UserError' });
  const { message, hints, code } = error as { message: string; hints: readonly string[]; code: string };
  return { message, hints, code };
}

test('keys of the environment are used, unless a profile was named', async () => {
  expect(await keyId(staticKeys)).toBe('AKIDENV');
  expect(await keyId({ ...staticKeys, AWS_PROFILE: 'static' })).toBe('AKIDENV');
  expect(await keyId(staticKeys, { profiles: ['static'] })).toBe('AKIDSTATIC');
  expect(await keyId({ AWS_PROFILE: 'static' })).toBe('AKIDSTATIC');
  expect(await keyId({}, { profiles: ['process'] })).toBe('AKIDPROCESS');
});

test('a role of a profile, and --role-arn on top of it, are assumed through STS', async () => {
  await using server = await answering(sts);
  const env = { AWS_ENDPOINT_URL: server.url };
  expect(await keyId(env, { profiles: ['admin'] })).toBe('admin-for-AKIDSTATIC');
  expect(server.asked[0]!.headers.authorization).toContain('/ap-south-1/sts/');
  const roleArn = 'arn:aws:iam::444455556666:role/other';
  expect(await keyId({ ...env, ...staticKeys }, { roleArn })).toBe('other-for-AKIDENV');
  expect(await keyId(env, { profiles: ['admin'], roleArn })).toBe('other-for-admin-for-AKIDSTATIC');
});

test('credentials are found once for all clients and regions of a profile', async () => {
  await using server = await answering(sts);
  const request = targetRequest(
    { ...files, AWS_ENDPOINT_URL: server.url },
    { profiles: ['admin'], regions: ['eu-west-1', 'eu-west-2', 'eu-west-3'] },
  );
  const clients = await Promise.all(
    (await openTargets(request)).flatMap((target) => [target.ec2(), target.autoScaling()]),
  );
  await Promise.all(clients.map((client) => client.config.credentials()));
  expect(server.asked).toHaveLength(1);
});

test('a role that may not be assumed is told with its name', async () => {
  await using server = await answering((_, response) => {
    response
      .writeHead(403)
      .end(
        '<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: x is not authorized</Message></Error></ErrorResponse>',
      );
  });
  const { message, code } = await failure({ AWS_ENDPOINT_URL: server.url }, { profiles: ['admin'] });
  expect(message).toBe(
    'AssumeRole arn:aws:iam::111122223333:role/admin in ap-south-1: the role may not be assumed: User: x is not authorized',
  );
  expect(code).toBe('permission');
});

test('the web identity of a pod is exchanged at STS', async () => {
  await using server = await answering(sts);
  const path = join(folder, 'token');
  writeFileSync(path, 'pod-token');
  const env = {
    AWS_ENDPOINT_URL: server.url,
    AWS_WEB_IDENTITY_TOKEN_FILE: path,
    AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/pod',
  };
  expect(await keyId(env)).toBe('pod-for-nobody');
  expect(server.asked[0]!.form.get('WebIdentityToken')).toBe('pod-token');
  const { message } = await failure({ ...env, AWS_WEB_IDENTITY_TOKEN_FILE: '/nonexistent/token' });
  expect(message).toMatch(/^no AWS credentials from the web identity: ENOENT/);
});

test('a container hands its credentials out', async () => {
  await using server = await answering(({ headers }, response) => {
    expect(headers.authorization).toBe('pod');
    const Expiration = '2099-01-01T00:00:00Z';
    response.end(JSON.stringify({ AccessKeyId: 'AKIDCONTAINER', SecretAccessKey: 'x', Token: 't', Expiration }));
  });
  const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${server.url}/keys`, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'pod' };
  expect(await keyId(env)).toBe('AKIDCONTAINER');
  const { message } = await failure({ AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://192.0.2.1/keys' });
  expect(message).toContain('no AWS credentials from the container: URL not accepted');
});

test('the instance hands out the credentials of its role', async () => {
  const keys = { AccessKeyId: 'AKIDROLE', SecretAccessKey: 'x', Token: 't', Expiration: '2099-01-01T00:00:00Z' };
  await using server = await answering(({ method, url }, response) => {
    if (method === 'PUT') response.end('TOKEN');
    else if (url.endsWith('/security-credentials/')) response.end('web-role');
    else if (url.endsWith('/web-role')) response.end(JSON.stringify(keys));
    else response.writeHead(404).end();
  });
  const env = { AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: server.url };
  expect(await keyId(env)).toBe('AKIDROLE');
  keys.AccessKeyId = undefined as never;
  const { hints } = await failure(env);
  expect(hints.join(' ')).toContain('the instance metadata service has no credentials of the role of this instance');
});

test('without any credentials it says where it looked', async () => {
  const { message, hints, code } = await failure({});
  expect(message).toBe('there are no AWS credentials');
  expect(code).toBe('permission');
  expect(hints[1]).toContain('the environment (AWS_ACCESS_KEY_ID is not set)');
  expect(hints[1]).toContain('the profile default of');
  expect(hints[1]).toContain('switched off by AWS_EC2_METADATA_DISABLED');
  const named = await failure(staticKeys, { profiles: ['default'] });
  expect(named.message).toBe('there are no AWS credentials for the profile default');
  expect(named.hints[1]).not.toContain('the environment');
});

test.for([
  ['broken', 'its credential_process failed: vault is sealed; password=[redacted]'],
  ['mute', 'its credential_process failed and said nothing'],
  ['garbled', 'Profile garbled credential_process returned invalid JSON.'],
  ['factor', 'its role asks for a code of a second factor'],
  ['cycle', /cycle/],
] as const)('the profile %s is told with its cause, and without secrets', async ([profile, reason]) => {
  const { message, hints, code } = await failure({}, { profiles: [profile] });
  expect(message).toMatch(reason);
  expect(message).toContain(`no AWS credentials from the profile ${profile}: `);
  expect(message + hints.join()).not.toMatch(/geheim|hunter2/);
  // What is told is redacted once more, which must not take a word of ours for a secret.
  expect(redactText(message)).toBe(message);
  expect(hints[0]).toContain(`--profile ${profile}`);
  expect(code).toBe('permission');
});

test.for([
  ['half', 'half of the AWS credentials is missing: the profile half has no aws_secret_access_key', 'set both'],
  ['nowhere', 'the profile nowhere has sso_session gone, which is not there', '[sso-session gone]'],
  ['lost', 'the profile lost has source_profile statik, which is not there', 'did you mean static?'],
] as const)('of the profile %s it is told what is missing', async ([profile, reason, hint]) => {
  const { message, hints } = await failure({}, { profiles: [profile] });
  expect(message).toBe(reason);
  expect(hints[0]).toContain(hint);
});

test('a key without its secret in the environment is a mistake, and nothing else takes its place', async () => {
  const { message } = await failure({ AWS_ACCESS_KEY_ID: 'AKIDHALF', AWS_PROFILE: 'static' });
  expect(message).toBe('half of the AWS credentials is missing: the environment has no AWS_SECRET_ACCESS_KEY');
  expect(await keyId({ AWS_ACCESS_KEY_ID: 'AKIDHALF' }, { profiles: ['static'] })).toBe('AKIDSTATIC');
});

test('a profile whose name has a space gives its keys', async () => {
  expect(await keyId({}, { profiles: ['two words'] })).toBe('AKIDWORDS');
});

test('as with awscli, the web identity of a pod comes before the keys of a profile, unless that was named', async () => {
  const pod = { AWS_WEB_IDENTITY_TOKEN_FILE: '/nonexistent/token', AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/pod' };
  expect((await failure({ ...pod, AWS_PROFILE: 'static' })).message).toContain('web identity');
  expect(await keyId(pod, { profiles: ['static'] })).toBe('AKIDSTATIC');
  expect((await failure({ ...pod, AWS_PROFILE: 'lost' })).message).toContain('the profile lost');
});

test('no other source takes the place of a profile that fails', async () => {
  await using server = await answering((_, response) => response.end('{}'));
  await failure({ AWS_PROFILE: 'mute', AWS_CONTAINER_CREDENTIALS_FULL_URI: server.url });
  expect(server.asked).toEqual([]);
});

test('a login of SSO is used, and told with its command when there is none or it has expired', async () => {
  const home = join(folder, 'home');
  const cache = join(home, '.aws/sso/cache');
  mkdirSync(cache, { recursive: true });
  await using portal = await answering(({ url, headers }, response) => {
    if (headers['x-amz-sso_bearer_token'] !== 'good') {
      response
        .writeHead(401, { 'x-amzn-errortype': 'UnauthorizedException' })
        .end('{"message":"Session token not found or invalid"}');
      return;
    }
    expect(url).toContain('/federation/credentials?');
    response.setHeader('content-type', 'application/json');
    response.end(
      '{"roleCredentials":{"accessKeyId":"AKIDSSO","secretAccessKey":"x","sessionToken":"t","expiration":4070908800000}}',
    );
  });
  const login = (name: string, accessToken: string, expiresAt: string): void => {
    const file = `${createHash('sha1').update(name).digest('hex')}.json`;
    writeFileSync(join(cache, file), JSON.stringify({ accessToken, expiresAt, startUrl: 'x', region: 'eu-west-1' }));
  };
  // What the SDK's provider takes from the process.
  vi.stubEnv('AWS_CONFIG_FILE', files['AWS_CONFIG_FILE']);
  vi.stubEnv('HOME', home);
  vi.stubEnv('AWS_ENDPOINT_URL_SSO', portal.url);
  try {
    const missing = await failure({}, { profiles: ['login'] });
    expect(missing.hints).toEqual(['aws sso login --profile login']);
    login('https://corp.awsapps.example/start', 'good', '2020-01-01T00:00:00Z');
    const expired = await failure({}, { profiles: ['login'] });
    expect(expired.message).toBe(
      'no AWS credentials from the profile login: nobody is logged in, or the login has expired',
    );
    expect(expired.hints).toEqual(['aws sso login --profile login']);
    login('https://corp.awsapps.example/start', 'revoked', '2099-01-01T00:00:00Z');
    expect((await failure({}, { profiles: ['login'] })).hints).toEqual(['aws sso login --profile login']);
    login('https://corp.awsapps.example/start', 'good', '2099-01-01T00:00:00Z');
    expect(await keyId({}, { profiles: ['login'] })).toBe('AKIDSSO');
    login('corp', 'good', '2020-01-01T00:00:00Z');
    expect((await failure({}, { profiles: ['session'] })).message).toContain('the login has expired');
    login('corp', 'good', '2099-01-01T00:00:00Z');
    expect(await keyId({}, { profiles: ['session'] })).toBe('AKIDSSO');
  } finally {
    vi.unstubAllEnvs();
  }
});
