import type { Column } from '../command.ts';
import type { AsgAddress } from '../lib/aws/addresses/asg-address.ts';
import { formatDuration } from '../lib/quantity/duration.ts';
import { printable } from '../lib/text/printable.ts';

/** The table of --long, and csv. On a screen the region is shown where there may be several. */
export function columns(options: { region: readonly string[] }): readonly Column<AsgAddress>[] {
  const isSeveral = options.region.length > 1 || options.region.includes('all');
  return isSeveral ? severalRegions : oneRegion;
}

const common: readonly Column<AsgAddress>[] = [
  { name: 'ip', value: ({ ip }) => ip },
  { name: 'id', value: ({ id }) => id },
  { name: 'az', value: ({ az }) => az },
  { name: 'state', value: ({ state }) => state },
  { name: 'lifecycle', value: ({ lifecycle }) => lifecycle },
  { name: 'health', value: ({ health }) => health },
  { name: 'type', value: ({ type }) => type },
  {
    name: 'age',
    value: ({ age_seconds: age }) => age,
    cell: ({ age_seconds: age }) => formatDuration(age),
    align: 'right',
  },
  { name: 'group', value: ({ group }) => group, cell: ({ group }) => printable(group) },
];

const behind: readonly Column<AsgAddress>[] = [
  { name: 'name', value: ({ name }) => name, cell: ({ name }) => printable(name ?? ''), dispensable: true },
  { name: 'kind', value: ({ kind }) => kind, programsOnly: true },
  { name: 'private_ip', value: ({ private_ip: address }) => address, programsOnly: true },
  { name: 'public_ip', value: ({ public_ip: address }) => address, programsOnly: true },
  { name: 'ipv6', value: ({ ipv6 }) => ipv6, programsOnly: true },
  { name: 'account', value: ({ account }) => account, programsOnly: true },
  { name: 'profile', value: ({ profile }) => profile, programsOnly: true },
  { name: 'launched', value: ({ launched }) => launched, programsOnly: true },
];

const region: Column<AsgAddress> = { name: 'region', value: ({ region: name }) => name };
const severalRegions = [...common, region, ...behind];
const oneRegion = [...common, { ...region, programsOnly: true as const }, ...behind];
