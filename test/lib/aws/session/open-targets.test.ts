import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openTargets, type TargetRequest } from '../../../../src/lib/aws/open-targets.ts';
import { answering, staticKeys, sts, targetRequest } from './answering.ts';

let folder: string;
let files: Record<string, string>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-targets-'));
  files = { AWS_CONFIG_FILE: join(folder, 'config'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') };
  writeFileSync(
    files['AWS_CONFIG_FILE']!,
    `# who
[default]
region = eu-north-1
[profile prod]
region=eu-west-1  ; the first
[profile admin]
source_profile = base
role_arn = arn:aws:iam::111122223333:role/admin
[profile base]
region = ap-south-1
[profile circle]
source_profile = circle
[profile local]
region = eu-west-1
services = here
[services here]
ec2 =
  endpoint_url = http://127.0.0.1:1
[sso-session corp]
sso_region = eu-west-1
`,
  );
  writeFileSync(
    files['AWS_SHARED_CREDENTIALS_FILE']!,
    '[prod]\naws_access_key_id = AKIDPROD\naws_secret_access_key = prod-secret\n[old]\naws_access_key_id = AKIDOLD\naws_secret_access_key = x\n',
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function regions(env: Record<string, string>, rest: Partial<TargetRequest> = {}): Promise<string[]> {
  return (await openTargets(targetRequest({ ...files, ...env }, rest))).map(({ region }) => region);
}

async function failure(request: TargetRequest): Promise<{ message: string; hints: readonly string[]; code: string }> {
  const error = await openTargets(request).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'UserError' });
  return error as { message: string; hints: readonly string[]; code: string };
}

test('the region is the one that was named, else AWS_REGION, AWS_DEFAULT_REGION, the profile', async () => {
  const both = { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-west-2' };
  expect(await regions(both, { regions: ['eu-central-1', 'sa-east-1', 'eu-central-1'] })).toEqual([
    'eu-central-1',
    'sa-east-1',
  ]);
  expect(await regions(both)).toEqual(['us-east-1']);
  expect(await regions({ AWS_REGION: '', AWS_DEFAULT_REGION: 'us-west-2' })).toEqual(['us-west-2']);
  expect(await regions({ AWS_DEFAULT_REGION: 'us-west-2' }, { profiles: ['prod'] })).toEqual(['us-west-2']);
  expect(await regions({})).toEqual(['eu-north-1']);
  expect(await regions({ AWS_PROFILE: 'prod' })).toEqual(['eu-west-1']);
  expect(await regions({}, { profiles: ['prod', 'base'] })).toEqual(['eu-west-1', 'ap-south-1']);
  expect(await regions({}, { profiles: ['admin'] })).toEqual(['ap-south-1']);
});

test('the region of the instance is the last that is asked for', async () => {
  await using server = await answering(({ method, url, headers }, response) => {
    if (method === 'PUT') response.end('TOKEN');
    else if (headers['x-aws-ec2-metadata-token'] !== 'TOKEN') response.writeHead(401).end();
    else response.end(url === '/latest/meta-data/placement/region' ? 'ca-central-1\n' : '');
  });
  const env = { AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: server.url };
  expect(await regions(env, { profiles: ['old'] })).toEqual(['ca-central-1']);
  expect(await regions(env)).toEqual(['eu-north-1']);
  expect(server.asked).toHaveLength(2);
});

test('without any region it says where it looked', async () => {
  const { message, hints, code } = await failure(targetRequest({ ...files }, { profiles: ['circle'] }));
  expect(message).toBe('no region was given, and none is configured');
  expect(code).toBe('usage');
  expect(hints.join(' ')).toMatch(/--region all.*AWS_REGION, AWS_DEFAULT_REGION, the profile circle/);
});

test.for([
  ['eu-centrl-1', 'did you mean eu-central-1?'],
  ['eu-central1', 'did you mean eu-central-1?'],
  ['EU-West-2', 'did you mean eu-west-2?'],
  ['eu-central-1a', 'that is an availability zone: its region is eu-central-1'],
  ['ALL', 'did you mean all?'],
  ['frankfurt', 'regions are named as eu-central-1 is'],
  ['a.example/x', 'regions are named as eu-central-1 is'],
  ['-'.repeat(100_000), 'regions are named as eu-central-1 is'],
])('a region that cannot be is refused: %s', async ([name, hint]) => {
  const { message, hints } = await failure(targetRequest(staticKeys, { regions: [name!] }));
  expect(message).toContain('there is no region');
  expect(message.length).toBeLessThan(120);
  expect(hints).toEqual([hint]);
});

test("a region that is newer than we are is taken, and any name at an endpoint of one's own", async () => {
  expect(await regions({}, { regions: ['eu-central-9', 'us-gov-west-1', 'cn-north-1'] })).toHaveLength(3);
  expect(await regions({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, { regions: ['moon-1'] })).toEqual(['moon-1']);
  const { message } = await failure(targetRequest({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, { regions: ['a/b'] }));
  expect(message).toBe('there is no region a/b');
});

test('a profile that does not exist is told with those that do', async () => {
  const named = await failure(targetRequest({ ...files, ...staticKeys }, { profiles: ['prod', 'prd'] }));
  expect(named.message).toBe('there is no profile prd');
  expect(named.code).toBe('not-found');
  expect(named.hints).toEqual([
    'did you mean prod?',
    'profiles there are: default, prod, admin, base, circle, local, old',
  ]);
  const ofEnvironment = await failure(targetRequest({ ...files, ...staticKeys, AWS_PROFILE: 'gone' }));
  expect(ofEnvironment.message).toBe('there is no profile gone, which AWS_PROFILE names');
  const none = await failure(targetRequest({ AWS_PROFILE: 'x' }));
  expect(none.hints[0]).toBe(
    'neither /nonexistent/.aws/config nor /nonexistent/.aws/credentials has a profile: make one with aws configure --profile x',
  );
});

test('every profile is seen in every region, and labels name both only where there are several profiles', async () => {
  const several = await openTargets(
    targetRequest(files, { profiles: ['prod', 'old'], regions: ['eu-west-1', 'eu-west-2'] }),
  );
  expect(several.map(({ label }) => label)).toEqual([
    'prod eu-west-1',
    'prod eu-west-2',
    'old eu-west-1',
    'old eu-west-2',
  ]);
  const [one] = await openTargets(targetRequest(files, { profiles: ['prod'], regions: ['eu-west-1'] }));
  expect(one).toMatchObject({ label: 'eu-west-1', profile: 'prod', region: 'eu-west-1' });
});

test('all regions are those that DescribeRegions has', async () => {
  await using server = await answering(({ form }, response) => {
    const names = ['us-east-1', 'eu-central-1'].map((name) => `<item><regionName>${name}</regionName></item>`);
    expect(form.has('AllRegions')).toBe(false);
    response.end(`<DescribeRegionsResponse><regionInfo>${names.join('')}</regionInfo></DescribeRegionsResponse>`);
  });
  const env = { ...staticKeys, AWS_ENDPOINT_URL: server.url };
  expect(await regions({ ...env, AWS_REGION: 'us-gov-west-1' }, { regions: ['eu-west-1', 'all'] })).toEqual([
    'eu-central-1',
    'us-east-1',
  ]);
  expect(server.asked[0]!.headers.authorization).toContain('/us-gov-west-1/ec2/');
  // Nothing says where: any region of the usual partition will do.
  const nowhere = await openTargets(targetRequest(env, { regions: ['all'] }));
  expect(nowhere).toHaveLength(2);
  expect(server.asked[1]!.headers.authorization).toContain('/us-east-1/ec2/');
});

test('the account is asked once for each profile, and again after a failure', async () => {
  let isDown = true;
  await using server = await answering((asked, response) => {
    if (isDown)
      response
        .writeHead(403)
        .end('<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>');
    else sts(asked, response);
  });
  const env = { ...files, AWS_ENDPOINT_URL: server.url };
  const targets = await openTargets(
    targetRequest(env, { profiles: ['prod', 'old'], regions: ['eu-west-1', 'eu-west-2'] }),
  );
  await expect(targets[0]!.accountId()).rejects.toThrow(
    'GetCallerIdentity in prod eu-west-1: sts:GetCallerIdentity is not allowed: no',
  );
  isDown = false;
  const ids = await Promise.all(targets.map((target) => target.accountId()));
  expect(new Set(ids)).toEqual(new Set(['111122223333']));
  expect(server.asked).toHaveLength(3);
  for (const target of targets) target.close();
});

test('each service has its own endpoint, and --endpoint-url beats them all', async () => {
  const env = {
    ...staticKeys,
    AWS_ENDPOINT_URL: 'http://127.0.0.1:2',
    AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:3',
    AWS_ENDPOINT_URL_AUTO_SCALING: 'http://127.0.0.1:4',
  };
  const endpoints = async (more: Record<string, string>, rest: Partial<TargetRequest>): Promise<unknown[]> => {
    const [target] = await openTargets(targetRequest({ ...files, ...more }, { regions: ['eu-west-1'], ...rest }));
    const clients = await Promise.all([target!.ec2(), target!.autoScaling()]);
    return Promise.all(clients.map(async ({ config }) => (await config.endpoint?.())?.port));
  };
  expect(await endpoints(env, {})).toEqual([3, 4]);
  expect(await endpoints(env, { endpointUrl: 'http://127.0.0.1:9' })).toEqual([9, 9]);
  expect(await endpoints({ AWS_ENDPOINT_URL: 'http://127.0.0.1:2' }, {})).toEqual([2, 2]);
  expect(await endpoints({ ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, {})).toEqual([undefined, undefined]);
  expect(await endpoints({}, { profiles: ['local'] })).toEqual([1, undefined]);
});

test.for(['not a url', 'ftp://x', 'http://user:geheim@127.0.0.1'])(
  'an endpoint that is none is refused: %s',
  async (url) => {
    const { message, code } = await failure(targetRequest(staticKeys, { endpointUrl: url }));
    expect(message).toContain('--endpoint-url is no URL of http or https');
    expect(message).not.toContain('geheim');
    expect(code).toBe('config');
    const ofEnvironment = await failure(targetRequest({ ...staticKeys, AWS_ENDPOINT_URL_STS: url }));
    expect(ofEnvironment.message).toContain('AWS_ENDPOINT_URL_STS is no URL');
  },
);

test('close ends the sockets at once', async () => {
  await using server = await answering((_, response) => {
    response.end('<StopInstancesResponse><instancesSet/></StopInstancesResponse>');
  });
  const env = { ...staticKeys, AWS_ENDPOINT_URL: server.url };
  const [target] = await openTargets(targetRequest(env, { regions: ['eu-west-1'], version: '9.9.9' }));
  const { StopInstancesCommand } = await import('@aws-sdk/client-ec2');
  const client = await target!.ec2();
  expect(client).toBe(await target!.ec2());
  await client.send(new StopInstancesCommand({ InstanceIds: ['i-1'] }));
  expect(server.asked[0]!.headers['user-agent']).toContain('devops/9.9.9');
  expect(await server.openSockets()).toBe(1);
  target!.close();
  await expect.poll(() => server.openSockets(), { interval: 5 }).toBe(0);
});

test('nothing of the environment of the process is used', async () => {
  await using server = await answering(sts);
  const strange = {
    AWS_REGION: 'us-gov-west-1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1',
    AWS_ACCESS_KEY_ID: 'AKIDPROCESS',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_PROFILE: 'nobody',
    AWS_CONFIG_FILE: '/nonexistent/config',
    AWS_MAX_ATTEMPTS: 'many',
    AWS_RETRY_MODE: 'never',
    AWS_USE_DUALSTACK_ENDPOINT: 'true',
    AWS_USE_FIPS_ENDPOINT: 'true',
    AWS_SDK_UA_APP_ID: 'process-app',
    AWS_AUTH_SCHEME_PREFERENCE: 'nonsense',
    AWS_DEFAULTS_MODE: 'nonsense',
    AWS_DISABLE_CLOCK_SKEW_CORRECTION: 'nonsense',
  };
  for (const [name, value] of Object.entries(strange)) vi.stubEnv(name, value);
  try {
    const env = { ...files, AWS_ENDPOINT_URL: server.url };
    const [target] = await openTargets(targetRequest(env, { profiles: ['prod'] }));
    expect(await target!.accountId()).toBe('111122223333');
    const { authorization, 'user-agent': agent } = server.asked[0]!.headers;
    expect(authorization).toContain('Credential=AKIDPROD/');
    expect(authorization).toContain('/eu-west-1/sts/');
    expect(agent).not.toContain('process-app');
    const [other] = await openTargets(targetRequest(files, { profiles: ['prod'] }));
    // The SDK would look for an endpoint at each request.
    expect((await other!.ec2()).config).toMatchObject({ ignoreConfiguredEndpointUrls: true, isCustomEndpoint: false });
  } finally {
    vi.unstubAllEnvs();
  }
});

test('a file of profiles that cannot be read is an error, not an absence', async () => {
  const { message } = await failure(targetRequest({ AWS_CONFIG_FILE: folder }));
  expect(message).toBe(`cannot read ${folder}: is a directory`);
});
