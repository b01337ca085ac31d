import type { TwinClock } from './clock.ts';
import type { InstanceFace, TwinInstance } from './instance.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
export const stateCodes = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
} as const;

/** An instance as one read shows it. */
export type SeenInstance = Omit<TwinInstance, keyof InstanceFace> & InstanceFace;

/** Seconds for which a terminated instance is still listed; AWS says about an hour. */
const listedAfterEnd = 3600;

/** As it was `seconds` ago; undefined: not there yet, or no longer. */
export function seen(instance: TwinInstance, clock: TwinClock, seconds: number): SeenInstance | undefined {
  const at = clock.monotonic() - seconds;
  const entry = instance.faces.findLast((one) => one.at <= at);
  if (entry === undefined) return undefined;
  if (entry.face.state === 'terminated' && at - entry.at > listedAfterEnd) return undefined;
  return seconds === 0 ? instance : { ...instance, ...entry.face };
}

/** All network interfaces, the first one made of the instance's own addresses. */
export function interfacesOf(instance: SeenInstance) {
  if (instance.state === 'terminated') return [];
  const { privateIp, secondaryIps, ipv6, moreInterfaces } = instance;
  const publicIp = instance.elasticIp ?? instance.publicIp;
  const privateIps = [...(privateIp === undefined ? [] : [privateIp]), ...secondaryIps];
  return [{ privateIps, ipv6, ...(publicIp === undefined ? {} : { publicIp }) }, ...moreInterfaces];
}

export const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

export function privateDnsName(instance: SeenInstance, region: string): string {
  if (instance.privateIp === undefined || instance.state === 'terminated') return '';
  return `ip-${instance.privateIp.replaceAll('.', '-')}.${region}.compute.internal`;
}

export function publicDnsName(instance: SeenInstance, region: string): string {
  const address = instance.elasticIp ?? instance.publicIp;
  if (address === undefined) return '';
  return `ec2-${address.replaceAll('.', '-')}.${region}.compute.amazonaws.com`;
}
