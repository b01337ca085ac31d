import { nearest } from '../../errors/nearest.ts';
import { UserError } from '../../errors/user-error.ts';
import { printable } from '../../text/printable.ts';

/** For suggestions only: a region that is newer than this list is taken as it is. */
const areas = [
  ...'af-south ap-east ap-northeast ap-south ap-southeast ca-central ca-west cn-north cn-northwest eu-central'.split(
    ' ',
  ),
  ...'eu-north eu-south eu-west eusc-de-east il-central me-central me-south me-west mx-central sa-east'.split(' '),
  ...'us-east us-gov-east us-gov-west us-iso-east us-iso-west us-isob-east us-west'.split(' '),
];

/** The partitions' own patterns, as one. */
const wellFormed =
  /^(?:(?:us|eu|ap|sa|ca|me|af|il|mx|cn)-[a-z]+-\d+|(?:us-gov|us-iso[a-z]?|eu-iso[a-z]|eusc-[a-z]+)-[a-z]+-\d+)$/;

/**
 * Throws a UserError for a name that no region can have, with the nearest one. With an endpoint of one's own any name
 * that can stand in a host is taken: emulators have such.
 */
export function checkRegionName(name: string, isCustom: boolean): void {
  if (isCustom && /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return;
  const [, area, digits] = /^(.*?)-?(\d*)$/.exec(name)!;
  if (wellFormed.test(name) && (areas.includes(area!) || nearest(area!, areas) === undefined)) return;
  throw new UserError(`there is no region ${printable(name.slice(0, 80))}`, {
    code: 'usage',
    hints: [hint(name, digits!)],
  });
}

function hint(name: string, digits: string): string {
  const zone = /^(.+-\d+)[a-z]$/.exec(name);
  if (zone !== null) return `that is an availability zone: its region is ${printable(zone[1]!)}`;
  if (name.toLowerCase() === 'all') return 'did you mean all?';
  const area = nearest(
    name
      .toLowerCase()
      .replace(/-?\d*$/, '')
      .slice(0, 40),
    areas,
  );
  return area === undefined ? 'regions are named as eu-central-1 is' : `did you mean ${area}-${digits || '1'}?`;
}

/** The region that somebody may have meant by a name whose host does not exist; undefined when it is a known one. */
export function nearestRegion(name: string): string | undefined {
  const [, area, digits] = /^(.*?)-?(\d*)$/.exec(name)!;
  if (areas.includes(area!)) return digits === '1' ? undefined : `${area}-1`;
  const meant = nearest(area!, areas);
  return meant === undefined ? undefined : `${meant}-1`;
}
