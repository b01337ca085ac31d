import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';
import { SuspendProcessesCommand } from '@aws-sdk/client-auto-scaling';
import { CreateTagsCommand, DescribeRegionsCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { expect, test } from 'vitest';
import { callFailure } from '../../../../src/lib/aws/failure/call-failure.ts';
import { errorCode, isDenied, isThrottle } from '../../../../src/lib/aws/failure/error-code.ts';
import { UserError } from '../../../../src/lib/errors/user-error.ts';
import { openTargets } from '../../../../src/lib/aws/open-targets.ts';
import { answering, staticKeys, targetRequest } from './answering.ts';

type Answer = (response: ServerResponse) => void;

interface Told {
  failure: UserError;
  raw: unknown;
  requests: number;
}

/** Stops an instance at a server that answers so, and tells what becomes of it. */
async function told(answer: Answer, region = 'eu-west-1'): Promise<Told> {
  await using server = await answering((_, response) => answer(response));
  const { failure, raw } = await toldAt(server.url, region);
  return { failure, raw, requests: server.asked.length };
}

async function toldAt(url: string, region = 'eu-west-1'): Promise<Omit<Told, 'requests'>> {
  const [target] = await openTargets(targetRequest({ ...staticKeys, AWS_ENDPOINT_URL: url }, { regions: [region] }));
  const client = await target!.ec2();
  try {
    await client.send(new StopInstancesCommand({ InstanceIds: ['i-1'] }));
  } catch (error) {
    return { failure: callFailure(error, target!, 'StopInstances'), raw: error };
  } finally {
    target!.close();
  }
  throw new Error('it was taken for a success');
}

const refusal = (code: string, message = 'so it is'): string =>
  `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>1</RequestID></Response>`;

test.for([
  [
    'UnauthorizedOperation',
    403,
    'permission',
    'ec2:StopInstances is not allowed: so it is',
    /must allow ec2:StopInstances/,
  ],
  ['RequestLimitExceeded', 503, 'busy', 'AWS throttled it 10 times (RequestLimitExceeded)', /later/],
  ['ExpiredToken', 400, 'permission', 'the session has expired (ExpiredToken)', /AWS_SESSION_TOKEN/],
  ['RequestExpired', 400, 'permission', 'the session has expired (RequestExpired)', /log in again/],
  ['AuthFailure', 401, 'permission', 'AWS does not know these credentials (AuthFailure)', /get-caller-identity/],
  ['InvalidClientTokenId', 403, 'permission', 'AWS does not know these credentials (InvalidClientTokenId)', /sts/],
  ['SignatureDoesNotMatch', 403, 'permission', 'the signature is wrong (SignatureDoesNotMatch)', /secret access key/],
  ['OptInRequired', 401, 'permission', 'the region is not enabled for the account (OptInRequired)', /enable eu-west-1/],
  ['InternalError', 500, 'failed', 'AWS failed 10 times (InternalError, HTTP status 500): so it is', /later/],
  ['InvalidAction', 400, 'unsupported', 'the endpoint does not know StopInstances (InvalidAction)', /--endpoint-url/],
  ['InvalidInstanceID.NotFound', 400, 'not-found', 'InvalidInstanceID.NotFound: so it is', undefined],
  ['IncorrectInstanceState', 400, 'failed', 'IncorrectInstanceState: so it is', undefined],
] as const)('a refusal with %s is told', async ([code, status, kind, reason, hint]) => {
  const { failure, raw } = await told((response) => response.writeHead(status).end(refusal(code)));
  expect(failure.message).toBe(`StopInstances in eu-west-1: ${reason}`);
  expect(failure.code).toBe(kind);
  if (hint === undefined) expect(failure.hints).toEqual([]);
  else expect(failure.hints.join('; ')).toMatch(hint);
  expect([errorCode(raw), errorCode(failure)]).toEqual([code, code]);
  expect(isThrottle(raw)).toBe(code === 'RequestLimitExceeded');
  expect(isDenied(failure)).toBe(code === 'UnauthorizedOperation');
});

test('an endpoint of another region is told as that', async () => {
  const text = "Credential should be scoped to a valid region, not 'eu-west-1'.";
  const { failure } = await told((response) => response.writeHead(403).end(refusal('SignatureDoesNotMatch', text)));
  expect(failure.message).toBe(
    'StopInstances in eu-west-1: the endpoint is not one of the region eu-west-1 (SignatureDoesNotMatch)',
  );
});

test('an endpoint that speaks something else is told as that', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end('220 mail.example ESMTP\r\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { failure } = await toldAt(`http://127.0.0.1:${port}`);
  server.close();
  expect(failure.message).toBe(`StopInstances in eu-west-1: 127.0.0.1:${port} does not speak HTTP`);
});

test('a denial names the action, and what only administrators can decode is left out', async () => {
  const message =
    'You are not authorized to perform this operation. User: arn:aws:iam::111122223333:user/x is not authorized to perform: ec2:StopInstances on resource: arn:aws:ec2:eu-west-1:111122223333:instance/i-1 with an explicit deny. Encoded authorization failure message: ' +
    'q1w2e3'.repeat(200);
  const { failure } = await told((response) => response.writeHead(403).end(refusal('UnauthorizedOperation', message)));
  expect(failure.message).toMatch(/^StopInstances in eu-west-1: ec2:StopInstances is not allowed: .*explicit deny\.$/);
  expect(failure.message).not.toContain('q1w2e3');
  expect(failure.hints).toEqual(['a policy denies it expressly, which no other policy can lift']);
});

test("AutoScaling is asked once more while a group is busy, and its code is the API's own", async () => {
  await using server = await answering((_, response) =>
    response
      .writeHead(500)
      .end('<ErrorResponse><Error><Code>ResourceContention</Code><Message>busy</Message></Error></ErrorResponse>'),
  );
  const env = { ...staticKeys, AWS_ENDPOINT_URL: server.url };
  const [target] = await openTargets(targetRequest(env, { regions: ['eu-west-1'] }));
  const client = await target!.autoScaling();
  const error: unknown = await client
    .send(new SuspendProcessesCommand({ AutoScalingGroupName: 'x' }))
    .catch((reason: unknown) => reason);
  expect(errorCode(error)).toBe('ResourceContention');
  expect(server.asked).toHaveLength(10);
  expect(callFailure(error, target!, 'SuspendProcesses').message).toContain('AWS failed 10 times (ResourceContention');
  target!.close();
});

test.for([
  ['ahead', -12, 'RequestExpired', 'the clock of this machine is 12 minutes ahead (RequestExpired)'],
  ['behind', 12, 'SignatureDoesNotMatch', 'the clock of this machine is 12 minutes behind (SignatureDoesNotMatch)'],
  ['far behind', 60 * 26, 'AuthFailure', 'the clock of this machine is 26 hours behind (AuthFailure)'],
] as const)('a clock that is %s is told by how much', async ([, minutes, code, reason]) => {
  const date = new Date(Date.now() + minutes * 60_000).toUTCString();
  const { failure } = await told((response) => response.writeHead(401, { date }).end(refusal(code)));
  expect(failure.message).toBe(`StopInstances in eu-west-1: ${reason}`);
  expect(failure.hints[0]).toContain('set the clock');
});

const page = '<!DOCTYPE html><html><head><title>Log in</title></head><body><p>Hello<br></body></html>';

test.for<[string, Answer, RegExp]>([
  ['a page', (response) => response.end(page), /the answer begins with <!DOCTYPE html>.* \(HTTP status 200\)$/],
  ['well-formed HTML', (response) => response.end('<html><body>x</body></html>'), /begins with <html><body>/],
  ['nothing', (response) => response.end(), /the answer is empty \(HTTP status 200\)$/],
  ['the answer to another question', (response) => response.end('<StartInstancesResponse/>'), /begins with <StartInst/],
  ['JSON', (response) => response.writeHead(400).end('{"message":"x"}'), /none of AWS \(HTTP status 400\)$/],
  ['a page that forbids', (response) => response.writeHead(403).end(page), /none of AWS \(HTTP status 403\)$/],
  [
    'a page of a gateway',
    (response) => response.writeHead(503).end('<html/>'),
    /none of AWS \(HTTP status 503, 10 times\)$/,
  ],
  ['a redirection', (response) => response.writeHead(302, { location: '/' }).end(), /none of AWS \(HTTP status 302\)$/],
  ['half a document', (response) => response.end('<StopInstancesResponse><instancesSet>'), /ends in the middle$/],
])('%s in the place of an answer is no success', async ([, answer, message]) => {
  const { failure } = await told(answer);
  expect(failure.message).toMatch(message);
  expect(failure.message).not.toContain('Deserialization');
  expect(failure.code).toBe('network');
  expect(failure.hints).toHaveLength(1);
});

test('tags are not taken for written because a proxy answered 200', async () => {
  await using server = await answering((_, response) => response.end('<html><body>welcome</body></html>'));
  const env = { ...staticKeys, AWS_ENDPOINT_URL: server.url };
  const [target] = await openTargets(targetRequest(env, { regions: ['eu-west-1'] }));
  const asking = (await target!.ec2()).send(
    new CreateTagsCommand({ Resources: ['i-1'], Tags: [{ Key: 'a', Value: 'b' }] }),
  );
  await expect(asking).rejects.toMatchObject({ name: 'ForeignAnswer' });
  target!.close();
});

test('an answer that breaks off is asked for again, then told', async () => {
  const { failure, requests } = await told((response) => {
    response.writeHead(200, { 'content-length': '5000' }).write('<StopInstancesResponse>');
    setTimeout(() => response.destroy(), 5);
  });
  expect(failure.message).toMatch(/^StopInstances in eu-west-1: 127\.0\.0\.1:\d+ broke the connection off$/);
  expect(requests).toBe(10);
});

test('a host that refuses, does not exist or speaks no TLS is named', async () => {
  const refused = await toldAt('http://127.0.0.1:1');
  expect(refused.failure).toMatchObject({
    message: 'StopInstances in eu-west-1: 127.0.0.1:1 refuses the connection',
    code: 'network',
  });
  expect(errorCode(refused.raw)).toBe('ECONNREFUSED');
  const unknown = await toldAt('http://ec2.invalid', 'eu-centrl-1');
  expect(unknown.failure.message).toBe('StopInstances in eu-centrl-1: the host ec2.invalid is not known');
  expect(unknown.failure.hints[0]).toBe('is the region right? Did you mean eu-central-1?');
  await using server = await answering((_, response) => response.end());
  const plain = await toldAt(server.url.replace('http:', 'https:'));
  expect(plain.failure.message).toMatch(/^StopInstances in eu-west-1: 127\.0\.0\.1:\d+ does not speak TLS$/);
});

test('a server that closes without a word is asked three times', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {}).once('data', () => socket.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    const { failure } = await toldAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(failure.message).toContain('broke the connection off');
    expect(connections).toBe(3);
  } finally {
    server.close();
  }
});

test('what takes too long, or has a strange certificate, is told by its kind', () => {
  const target = { region: 'eu-west-1', label: 'prod eu-west-1', profile: 'prod' };
  const say = (error: Error): string => callFailure(error, target, 'StopInstances').message;
  const host = 'ec2.eu-west-1.amazonaws.com';
  const timeout = (message: string): Error => Object.assign(new Error(message), { name: 'TimeoutError', host });
  expect(say(timeout('the request socket did not establish a connection with the server within 5000 ms'))).toBe(
    `StopInstances in prod eu-west-1: ${host} takes no connection within 5 s`,
  );
  expect(say(timeout('a request has exceeded the configured 60000 ms requestTimeout.'))).toBe(
    `StopInstances in prod eu-west-1: ${host} does not answer within a minute`,
  );
  expect(say(Object.assign(new Error('self-signed'), { code: 'SELF_SIGNED_CERT_IN_CHAIN', host }))).toBe(
    `StopInstances in prod eu-west-1: the certificate of ${host} is not trusted (SELF_SIGNED_CERT_IN_CHAIN)`,
  );
  expect(
    callFailure(
      Object.assign(new Error('x'), { $metadata: { httpStatusCode: 400 }, name: 'ExpiredToken' }),
      target,
      'X',
    ).hints,
  ).toEqual(['log in again: aws sso login --profile prod']);
});

test('a failure that was told already stays as it is, and anything at all becomes one line', () => {
  const target = { region: 'eu-west-1', label: 'eu-west-1' };
  const known = new UserError('x');
  expect(callFailure(known, target, 'StopInstances')).toBe(known);
  expect(callFailure('odd\u001b[31m\nthing', target, 'X').message).toBe(String.raw`X in eu-west-1: odd\x1b[31m; thing`);
  expect(callFailure(new Error('aws_secret_access_key=geheim'), target, 'X').message).not.toContain('geheim');
  expect(callFailure(undefined, target, 'X').message).toBe('X in eu-west-1: undefined');
  expect(errorCode(undefined)).toBe('');
});

test('a wrong clock corrects itself: the second try is signed with the time of the server', async () => {
  const off = 3600_000;
  await using server = await answering(({ headers }, response) => {
    const text = String(headers['x-amz-date']).replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5');
    response.setHeader('date', new Date(Date.now() + off).toUTCString());
    if (Math.abs(Date.parse(text) - Date.now() - off) > 300_000) response.writeHead(400).end(refusal('RequestExpired'));
    else response.end('<DescribeRegionsResponse><regionInfo/></DescribeRegionsResponse>');
  });
  const env = { ...staticKeys, AWS_ENDPOINT_URL: server.url };
  const [target] = await openTargets(targetRequest(env, { regions: ['eu-west-1'] }));
  await (await target!.ec2()).send(new DescribeRegionsCommand({}));
  expect(server.asked).toHaveLength(2);
  target!.close();
});
