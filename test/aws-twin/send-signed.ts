import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';
import type { Twin } from '../support/aws-twin/aws-twin.ts';

export interface RawRequest {
  service?: 'ec2' | 'autoscaling' | 'sts' | (string & {});
  region?: string;
  /** Action, Version and the rest, sent as it is. */
  form: Readonly<Record<string, string>> | string;
  accessKey?: string;
  secretKey?: string;
  token?: string;
  signedAt?: Date;
  /** Leaves the signature off. */
  unsigned?: boolean;
  /** Changes what is sent after it was signed. */
  tamper?: (body: string) => string;
}

export interface RawAnswer {
  status: number;
  text: string;
  /** Of an error. */
  code: string | undefined;
  message: string | undefined;
}

/** Signs as AWS documents it and sends: for what no client would send. Rejects when the connection is reset. */
export function sendSigned(twin: Twin, raw: RawRequest): Promise<RawAnswer> {
  const { service = 'ec2', region = 'eu-central-1', signedAt = new Date() } = raw;
  const body = typeof raw.form === 'string' ? raw.form : new URLSearchParams(raw.form).toString();
  const { host, hostname, port } = new URL(twin.url);
  const date = signedAt.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    host,
    'x-amz-date': date,
    ...(raw.token === undefined ? {} : { 'x-amz-security-token': raw.token }),
  };
  const names = Object.keys(headers).join(';');
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = `POST\n/\n\n${lines.join('')}\n${names}\n${sha256(body)}`;
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  let key: string | Buffer = `AWS4${raw.secretKey ?? twin.env['AWS_SECRET_ACCESS_KEY']}`;
  for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest();
  const signature = createHmac('sha256', key).update(`AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`);
  const credential = `${raw.accessKey ?? twin.env['AWS_ACCESS_KEY_ID']}/${scope}`;
  if (raw.unsigned !== true) {
    headers['authorization'] =
      `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature.digest('hex')}`;
  }
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method: 'POST', path: '/', headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('error', reject).on('end', () => {
        const [, code] = /<Code>(.*?)<\/Code>/s.exec(text) ?? [];
        const [, message] = /<Message>(.*?)<\/Message>/s.exec(text) ?? [];
        resolve({
          status: response.statusCode!,
          text,
          code,
          message: message?.replaceAll('&apos;', "'").replaceAll('&quot;', '"'),
        });
      });
    });
    sent.on('error', reject);
    sent.end(raw.tamper?.(body) ?? body);
  });
}

const versions: Record<string, string> = { ec2: '2016-11-15', autoscaling: '2011-01-01', sts: '2011-06-15' };

/** A proper request of one operation. */
export function ask(
  twin: Twin,
  service: 'ec2' | 'autoscaling' | 'sts',
  operation: string,
  parameters: Readonly<Record<string, string>> = {},
  more: Partial<RawRequest> = {},
): Promise<RawAnswer> {
  return sendSigned(twin, {
    service,
    form: { Action: operation, Version: versions[service]!, ...parameters },
    ...more,
  });
}
