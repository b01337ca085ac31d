import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from './api-error.ts';

export interface Keys {
  secretKey: string;
  account: string;
  arn: string;
  /** Of temporary keys: what goes with each request, and until when, on the real clock. */
  token?: string;
  expires?: Date;
}

export interface SignedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Signer {
  keys: Keys;
  accessKey: string;
  region: string;
  service: string;
}

const header =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/;

/** Region and service that the request is signed for, not yet verified; undefined: it is not signed at all. */
export function scope(headers: IncomingHttpHeaders): { region: string; service: string } | undefined {
  const found = header.exec(headers.authorization ?? '');
  return found === null ? undefined : { region: found[3]!, service: found[4]! };
}

/**
 * Verifies Signature Version 4 as the services do and returns who signed. `now` is the clock of the service.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function verify(request: SignedRequest, known: ReadonlyMap<string, Keys>, now: Date): Signer {
  const { headers } = request;
  const found = header.exec(headers.authorization ?? '');
  const service = found?.[4] ?? 'ec2';
  if (found === null) {
    throw headers.authorization === undefined
      ? new ApiError('MissingAuthenticationToken', 'Request is missing Authentication Token')
      : new ApiError('IncompleteSignature', 'Authorization header is not of the form of Signature Version 4');
  }
  const [, accessKey, day, region, , signedNames, signature] = found as unknown as string[];
  const keys = known.get(accessKey!);
  if (keys === undefined || keys.token !== single(headers['x-amz-security-token'])) throw unknownKey(service);
  const date = single(headers['x-amz-date']) ?? '';
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (parts === null || !date.startsWith(day!)) {
    throw new ApiError(
      'IncompleteSignature',
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date`,
    );
  }
  const signed = signedNames!.split(';');
  for (const required of ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))]) {
    if (!signed.includes(required)) throw wrongSignature(service);
  }
  const hash = createHash('sha256').update(request.body).digest('hex');
  const canonical = [
    request.method,
    request.path,
    '',
    ...signed.map((name) => `${name}:${(single(headers[name]) ?? '').trim().replaceAll(/ +/g, ' ')}`),
    '',
    signedNames,
    hash,
  ].join('\n');
  const text = [
    'AWS4-HMAC-SHA256',
    date,
    `${day}/${region}/${service}/aws4_request`,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n');
  let key: Buffer | string = `AWS4${keys.secretKey}`;
  for (const part of [day!, region!, service, 'aws4_request']) key = createHmac('sha256', key).update(part).digest();
  const expected = createHmac('sha256', key).update(text).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature!, 'hex'))) throw wrongSignature(service);
  const [, year, month, dayOfMonth, hour, minute, second] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  checkAge(new Date(Date.UTC(year, month - 1, dayOfMonth, hour, minute, second)), now, date, service);
  if (keys.expires !== undefined && keys.expires <= now) throw expired(service);
  return { keys, accessKey: accessKey!, region: region!, service };
}

const minutes = 60_000;

function checkAge(signedAt: Date, now: Date, date: string, service: string): void {
  const age = now.getTime() - signedAt.getTime();
  const limit = service === 'ec2' ? 5 : 15;
  if (Math.abs(age) <= limit * minutes) return;
  if (service === 'ec2') throw new ApiError('RequestExpired', 'Request has expired.');
  const compact = (time: Date) => time.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const bound = new Date(now.getTime() - Math.sign(age) * limit * minutes);
  const relation = age > 0 ? 'Signature expired' : 'Signature not yet current';
  const order = age > 0 ? 'earlier' : 'later';
  const sign = age > 0 ? '-' : '+';
  throw new ApiError(
    'SignatureDoesNotMatch',
    `${relation}: ${date} is now ${order} than ${compact(bound)} (${compact(now)} ${sign} ${limit} min.)`,
  );
}

function expired(service: string): ApiError {
  return service === 'ec2'
    ? new ApiError('RequestExpired', 'Request has expired.')
    : new ApiError('ExpiredToken', 'The security token included in the request is expired');
}

function unknownKey(service: string): ApiError {
  return service === 'ec2'
    ? new ApiError('AuthFailure', 'AWS was not able to validate the provided access credentials')
    : new ApiError('InvalidClientTokenId', 'The security token included in the request is invalid.');
}

function wrongSignature(service: string): ApiError {
  return service === 'ec2'
    ? unknownKey(service)
    : new ApiError(
        'SignatureDoesNotMatch',
        'The request signature we calculated does not match the signature you provided. ' +
          'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      );
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value;
}
