import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors/user-error.ts';
import { readBounded } from '../../files/read-bounded.ts';

export interface MetadataRequest {
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  /** Where the kernel tells what the firmware says of the machine. */
  firmwareFolder?: string;
}

/** The instance metadata service of the machine that this runs on. */
export interface Metadata {
  /** Throws a UserError after a second, or for any answer but a good one; its `status` is on the cause. */
  read(path: string): Promise<string>;
}

/** It is one hop away: what takes longer is no metadata service. */
const deadlineMilliseconds = 1000;
/** Documents have some kilobytes at most. */
const limitBytes = 64 * 1024;

/** Whether this machine is an instance of EC2, as its firmware has it; nothing is sent. */
export async function isInstance({ firmwareFolder = '/sys/class/dmi/id' }: Pick<MetadataRequest, 'firmwareFolder'>) {
  const [vendor, bios] = await Promise.all(
    ['sys_vendor', 'bios_version'].map((name) => readFirmware(firmwareFolder, name)),
  );
  // Nitro and bare metal say the first, the older Xen types the second (`4.11.amazon`).
  return vendor === 'Amazon EC2' || /\bamazon$/i.test(bios ?? '');
}

/** One line of what the firmware says; undefined where there is none. */
export async function readFirmware(folder: string, name: string): Promise<string | undefined> {
  try {
    return readFileSync(join(folder, name), 'utf8').trim();
  } catch {
    return undefined;
  }
}

/**
 * Undefined where there can be none: switched off by AWS_EC2_METADATA_DISABLED, or neither the firmware nor
 * AWS_EC2_METADATA_SERVICE_ENDPOINT speak of one. Version 2, a token first; version 1 where tokens are refused.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
 */
export async function openMetadata(request: MetadataRequest): Promise<Metadata | undefined> {
  const { env, signal } = request;
  if (env['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true') return undefined;
  const endpoint = env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] || undefined;
  if (endpoint === undefined && !(await isInstance(request))) return undefined;
  const isIpv6 = env['AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE']?.toLowerCase() === 'ipv6';
  const base = URL.parse(endpoint ?? (isIpv6 ? 'http://[fd00:ec2::254]' : 'http://169.254.169.254'));
  if (base?.protocol !== 'http:') {
    throw new UserError('AWS_EC2_METADATA_SERVICE_ENDPOINT is no URL of http', { code: 'config' });
  }
  let token: Promise<Record<string, string>> | undefined;
  return {
    async read(path) {
      token ??= askToken(base, env, signal);
      return ask(base, path, 'GET', await token, signal);
    },
  };
}

async function askToken(base: URL, env: MetadataRequest['env'], signal: AbortSignal): Promise<Record<string, string>> {
  try {
    const lifetime = { 'x-aws-ec2-metadata-token-ttl-seconds': '300' };
    return { 'x-aws-ec2-metadata-token': await ask(base, '/latest/api/token', 'PUT', lifetime, signal) };
  } catch (error) {
    signal.throwIfAborted();
    // In a container with a hop limit of 1 the answer never comes, though version 1 may be allowed.
    if (env['AWS_EC2_METADATA_V1_DISABLED']?.toLowerCase() === 'true') throw error;
    return {};
  }
}

async function ask(
  base: URL,
  path: string,
  method: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<string> {
  const { request } = await import('node:http');
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMilliseconds)]);
  const failed = (reason: string, cause?: unknown): UserError =>
    new UserError(`the instance metadata service at ${base.host} ${reason}`, { code: 'network', cause });
  const answer = new Promise<string>((resolve, reject) => {
    // No agent: a connection that is kept would keep the process.
    const question = request(new URL(path, base), { method, headers, signal: deadline, agent: false }, (response) => {
      if (response.statusCode !== 200) {
        response.destroy();
        reject(failed(`answered ${response.statusCode} to ${path}`));
        return;
      }
      readBounded(response, limitBytes, deadline, 'the instance metadata').then(
        (bytes) => resolve(bytes.toString()),
        reject,
      );
    });
    question.on('error', reject);
    question.end();
  });
  try {
    return await answer;
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.aborted) throw failed('did not answer within a second', error);
    throw error instanceof UserError ? error : failed('cannot be reached', error);
  }
}
