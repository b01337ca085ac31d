import type { InstanceRow, InstanceState } from '../instance-row.ts';
import { XmlMistake } from '../xml/xml-mistake.ts';
import type { Addresses } from './interface-elements.ts';

/** The texts of one instance as they came; `''` for those that were empty or not told. */
export interface InstanceDraft {
  id: string;
  state: string;
  reasonCode: string;
  reasonMessage: string;
  transitionReason: string;
  type: string;
  zone: string;
  launchTime: string;
  privateIp: string;
  publicIp: string;
  ipv6: string;
  privateDnsName: string;
  publicDnsName: string;
  lifecycle: string;
  spotRequestId: string;
  rootDeviceType: string;
  hibernation: string;
}

export const emptyDraft = (): InstanceDraft => ({
  id: '',
  state: '',
  reasonCode: '',
  reasonMessage: '',
  transitionReason: '',
  type: '',
  zone: '',
  launchTime: '',
  privateIp: '',
  publicIp: '',
  ipv6: '',
  privateDnsName: '',
  publicDnsName: '',
  lifecycle: '',
  spotRequestId: '',
  rootDeviceType: '',
  hibernation: '',
});

/** Those that are there, each once. An instance has few: a set for each of ten thousand is what takes time. */
function distinct(first: string, others: readonly string[], last = ''): string[] {
  const all: string[] = first === '' ? [] : [first];
  const seen = others.length > 20 ? new Set(all) : undefined;
  const add = (one: string): void => {
    if (one === '' || (seen === undefined ? all.includes(one) : seen.has(one))) return;
    all.push(one);
    seen?.add(one);
  };
  for (const one of others) add(one);
  add(last);
  return all;
}

function stateReason({ reasonCode: code, reasonMessage: message }: InstanceDraft): string {
  if (message === '' || code === '' || message.startsWith(code)) return message === '' ? code : message;
  return `${code}: ${message}`;
}

/**
 * The row of an instance. One without an id, a state or a time of launch cannot be judged by anybody: XmlMistake, rather
 * than a row that looks like one.
 */
export function instanceRow(
  draft: InstanceDraft,
  addresses: Addresses,
  tags: ReadonlyMap<string, string>,
  account: string,
): InstanceRow {
  const launchedAt = Date.parse(draft.launchTime) / 1000;
  if (draft.id === '') throw new XmlMistake('broken', 'has an instance without an id');
  if (draft.state === '') throw new XmlMistake('broken', `tells no state of ${draft.id}`);
  if (Number.isNaN(launchedAt)) throw new XmlMistake('broken', `tells no time of launch of ${draft.id}`);
  const row: InstanceRow = {
    id: draft.id,
    account,
    // A state that is new to us is told as it is: whoever acts looks for those that they know.
    state: draft.state as InstanceState,
    type: draft.type,
    zone: draft.zone,
    launchedAt,
    ipv6Addresses: distinct('', addresses.ipv6Addresses, draft.ipv6),
    privateIps: distinct(draft.privateIp, addresses.privateIps),
    publicIps: distinct(draft.publicIp, addresses.publicIps),
    tags,
    rootDeviceType: draft.rootDeviceType === 'instance-store' ? 'instance-store' : 'ebs',
    hibernationConfigured: draft.hibernation === 'true',
  };
  const reason = stateReason(draft);
  if (reason !== '') row.stateReason = reason;
  if (draft.transitionReason !== '') row.stateTransitionReason = draft.transitionReason;
  if (draft.privateIp !== '') row.privateIp = draft.privateIp;
  if (draft.publicIp !== '') row.publicIp = draft.publicIp;
  if (draft.privateDnsName !== '') row.privateDnsName = draft.privateDnsName;
  if (draft.publicDnsName !== '') row.publicDnsName = draft.publicDnsName;
  if (draft.lifecycle !== '') row.lifecycle = draft.lifecycle as NonNullable<InstanceRow['lifecycle']>;
  if (draft.spotRequestId !== '') row.spotRequestId = draft.spotRequestId;
  return row;
}
