import type { Column } from '../command.ts';
import type { AsgAddress } from '../lib/aws/addresses/asg-address.ts';
import type { WantedValues } from '../lib/aws/addresses/member-conditions.ts';
import { formatDuration } from '../lib/quantity/duration.ts';
import { printable } from '../lib/text/printable.ts';

interface AskedFor {
  region: readonly string[];
  /** Undefined: those that are InService. */
  lifecycle?: WantedValues | undefined;
  ip: string;
}

/**
 * The table of --long, and csv. On a screen the region and the state in the group are shown where there may be several.
 * On a narrow one whole columns give way: half of an address or of an id is nothing that anybody could copy.
 */
export function columns(options: AskedFor): readonly Column<AsgAddress>[] {
  const { region, lifecycle, ip } = options;
  const isSeveral = region.length > 1 || region.includes('all');
  const isOneLifecycle = lifecycle === undefined || (lifecycle !== 'all' && lifecycle.size === 1);
  // IPv6 addresses take half of a screen.
  const isLong = ip === 'ipv6' || ip === 'all';
  return all.map((column) => {
    if (column.name === 'region' && !isSeveral) return { ...column, programsOnly: true };
    if (column.name === 'lifecycle' && isOneLifecycle) return { ...column, programsOnly: true };
    return column.name === 'health' && isLong ? { ...column, dispensable: true } : column;
  });
}

const all: readonly Column<AsgAddress>[] = [
  { name: 'ip', value: ({ ip }) => ip },
  { name: 'id', value: ({ id }) => id },
  { name: 'az', value: ({ az }) => az, dispensable: true },
  { name: 'state', value: ({ state }) => state, dispensable: true },
  { name: 'lifecycle', value: ({ lifecycle }) => lifecycle, dispensable: true },
  { name: 'health', value: ({ health }) => health },
  { name: 'type', value: ({ type }) => type },
  {
    name: 'age',
    value: ({ age_seconds: age }) => age,
    cell: ({ age_seconds: age }) => (age === undefined ? '' : formatDuration(age)),
    align: 'right',
  },
  { name: 'group', value: ({ group }) => group, cell: ({ group }) => printable(group), dispensable: true },
  { name: 'region', value: ({ region }) => region, dispensable: true },
  { name: 'name', value: ({ name }) => name, cell: ({ name }) => printable(name ?? ''), dispensable: true },
  { name: 'kind', value: ({ kind }) => kind, programsOnly: true },
  { name: 'private_ip', value: ({ private_ip: address }) => address, programsOnly: true },
  { name: 'public_ip', value: ({ public_ip: address }) => address, programsOnly: true },
  { name: 'ipv6', value: ({ ipv6 }) => ipv6, programsOnly: true },
  { name: 'account', value: ({ account }) => account, programsOnly: true },
  { name: 'profile', value: ({ profile }) => profile, programsOnly: true },
  { name: 'launched', value: ({ launched }) => launched, programsOnly: true },
];
