import { UserError } from '../../errors/user-error.ts';
import type { AddressRow, InstanceRow } from '../instance-row.ts';

/**
 * Which addresses of an instance are wanted. `any`: the private IPv4 one, else the public IPv4 one, else the primary
 * IPv6 one, so that no instance that has an address is lost. `all`: every one of all of its network interfaces.
 */
export const addressKinds = ['any', 'private', 'public', 'ipv6', 'all'] as const;
export type AddressKind = (typeof addressKinds)[number];

/** Throws a UserError (usage) for any other word. */
export function parseAddressKind(text: string): AddressKind {
  const kind = addressKinds.find((known) => known === text);
  if (kind !== undefined) return kind;
  throw new UserError(`'${text}' is no kind of address`, { code: 'usage', hints: [`use ${addressKinds.join(', ')}`] });
}

/** How a missing one is told: `no public IPv4 address`. */
export const kindWords: Readonly<Record<AddressKind, string>> = {
  any: 'address',
  private: 'private IPv4 address',
  public: 'public IPv4 address',
  ipv6: 'IPv6 address',
  all: 'address',
};

/** The addresses of this kind; empty where the instance has none. */
export function addressesOf(row: AddressRow | InstanceRow, kind: AddressKind): readonly string[] {
  if (kind === 'all' && 'privateIps' in row) return [...row.privateIps, ...row.publicIps, ...row.ipv6Addresses];
  const address = oneAddress(row, kind);
  return address === undefined ? [] : [address];
}

function oneAddress(row: AddressRow | InstanceRow, kind: AddressKind): string | undefined {
  const ipv6 = 'ipv6' in row ? row.ipv6 : row.ipv6Addresses[0];
  switch (kind) {
    case 'private':
      return row.privateIp;
    case 'public':
      return row.publicIp;
    case 'ipv6':
      return ipv6;
    case 'any':
    case 'all':
      return row.privateIp ?? row.publicIp ?? ipv6;
  }
}
