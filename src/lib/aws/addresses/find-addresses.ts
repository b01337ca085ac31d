import type { AwsTarget } from '../target.ts';
import { type AddressKey, addressKey } from './address-key.ts';
import { addressesOf, type AddressKind } from './address-kind.ts';
import { type AddressSet, createAddressSet } from './address-set.ts';
import type { MemberInstance } from './asg-address.ts';
import type { AddressQuestion, TakeInstance, TargetAnswer } from './ask-target.ts';
import { askTargets, type FailedAnswer } from './ask-targets.ts';

export interface AddressRequest extends Omit<AddressQuestion, 'isBare'> {
  kind: AddressKind;
}

/** What one look at all regions found. */
export interface FoundAddresses {
  addresses: AddressSet;
  answers: readonly TargetAnswer[];
  failures: readonly FailedAnswer[];
  /** Ids of the wanted instances that have no address of the kind. */
  lacking: readonly string[];
}

/** Told of every address as it is found, with the key that it is sorted by. */
export type TakeAddress = (ip: string, key: AddressKey, instance: MemberInstance) => void;

/** Looks once, in all regions at the same time. Throws what the signal aborts with. */
export async function findAddresses(
  targets: readonly AwsTarget[],
  request: AddressRequest,
  take: TakeAddress | undefined,
  signal: AbortSignal,
): Promise<FoundAddresses> {
  const addresses = createAddressSet();
  const lacking: string[] = [];
  const strange: FailedAnswer[] = [];
  const { kind } = request;
  // Other kinds need to know of all addresses.
  const isBare = take === undefined && (kind === 'any' || kind === 'private' || kind === 'public');
  const takeInstance: TakeInstance = (row, instance) => {
    const ips = addressesOf(row, kind);
    if (ips.length === 0) lacking.push(row.id);
    for (const ip of ips) {
      const key = addressKey(ip);
      if (key === undefined) {
        strange.push({
          subject: row.id,
          error: { code: 'failed', message: `EC2 told an address that is none: '${ip.slice(0, 60)}'` },
        });
        continue;
      }
      addresses.add(ip, key);
      if (instance !== undefined) take?.(ip, key, instance);
    }
  };
  const { answers, failures } = await askTargets(targets, { ...request, isBare }, takeInstance, signal);
  return {
    addresses,
    answers,
    failures: [...failures, ...strange, ...answers.flatMap(missingInstances)],
    lacking: lacking.toSorted(),
  };
}

/** A group that counts on an instance which EC2 does not know: then the answer is not complete. */
function missingInstances({ target, missing }: TargetAnswer): FailedAnswer[] {
  return missing.map((id) => ({
    subject: id,
    error: {
      code: 'not-found',
      message: `its group has it, but EC2 in ${target.label} does not know it`,
      hint: 'it may be new, or gone just now: try again',
    },
  }));
}
