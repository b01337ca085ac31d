import { nearest } from '../../errors/nearest.ts';
import { UserError } from '../../errors/user-error.ts';
import type { GroupMember } from '../group-row.ts';
import type { InstanceState } from '../instance-row.ts';

export type WantedValues = ReadonlySet<string> | 'all';

/** Which members of a group are wanted. Undefined: all. */
export interface MemberConditions {
  lifecycles?: WantedValues | undefined;
  healths?: WantedValues | undefined;
  states?: WantedValues | undefined;
  zones?: WantedValues | undefined;
}

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Instance.html, LifecycleState. */
const lifecycles = [
  'InService',
  'Pending',
  'Pending:Wait',
  'Pending:Proceed',
  'Standby',
  'EnteringStandby',
  'Detaching',
  'Detached',
  'Quarantined',
  'Terminating',
  'Terminating:Wait',
  'Terminating:Proceed',
  'Terminating:Retained',
  'Terminated',
  'ReplacingRootVolume',
  'ReplacingRootVolume:Wait',
  'ReplacingRootVolume:Proceed',
  'RootVolumeReplaced',
  'Warmed:Pending',
  'Warmed:Pending:Wait',
  'Warmed:Pending:Proceed',
  'Warmed:Pending:Retained',
  'Warmed:Terminating',
  'Warmed:Terminating:Wait',
  'Warmed:Terminating:Proceed',
  'Warmed:Terminating:Retained',
  'Warmed:Terminated',
  'Warmed:Stopped',
  'Warmed:Running',
  'Warmed:Hibernated',
];
const healths = ['Healthy', 'Unhealthy'];
const states: readonly InstanceState[] = ['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped'];

/** Readers of option values: words separated by commas, in any case, or `all`. They throw UserError (usage). */
export const parseLifecycles = oneOfMany('state in a group', lifecycles);
export const parseHealths = oneOfMany('health', healths);
export const parseStates = oneOfMany('state of an instance', states);

function oneOfMany(what: string, known: readonly string[]): (text: string) => WantedValues {
  return (text) => {
    const words = text.split(',').map((word) => word.trim());
    if (words.some((word) => word.toLowerCase() === 'all')) return 'all';
    return new Set(
      words.map((word) => {
        const found = known.find((one) => one.toLowerCase() === word.toLowerCase());
        if (found !== undefined) return found;
        const near = nearest(word, known);
        const hint = near === undefined ? `use ${known.slice(0, 6).join(', ')} or all` : `did you mean '${near}'?`;
        throw new UserError(`'${word}' is no ${what}`, { code: 'usage', hints: [hint] });
      }),
    );
  };
}

/** Zones are not checked: there are new ones every year. */
export function parseZones(text: string): ReadonlySet<string> {
  const zones = text.split(',').map((word) => word.trim());
  if (zones.every((zone) => zone !== '')) return new Set(zones);
  throw new UserError('there is an empty zone', { code: 'usage', hints: ['write zones such as eu-central-1a'] });
}

/** What the group alone can tell. */
export function isWanted(member: GroupMember, conditions: MemberConditions): boolean {
  return (
    isIn(conditions.lifecycles, member.lifecycle) &&
    isIn(conditions.healths, member.health) &&
    isIn(conditions.zones, member.zone)
  );
}

export function isIn(wanted: WantedValues | undefined, value: string): boolean {
  return wanted === undefined || wanted === 'all' || wanted.has(value);
}
