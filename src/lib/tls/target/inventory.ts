import { normalize } from 'node:path';
import type { Protocol } from '../protocol.ts';
import { parseServerName } from './connection-overrides.ts';
import { parseDate } from './parse-date.ts';
import { parseTarget } from './parse-target.ts';
import { thresholdOf } from './parse-threshold.ts';
import { targetSubject } from './target-subject.ts';
import type { Target, TargetIgnore, TargetSettings } from './target.ts';

/** One target of devops.yaml as its schema has checked it; texts are as typed. */
export interface InventoryEntry {
  target: string;
  warn?: string | number | undefined;
  crit?: string | number | undefined;
  owner?: string | undefined;
  servername?: string | undefined;
  address?: string | undefined;
  starttls?: Protocol | undefined;
  ignore?:
    { until?: string | undefined; codes?: readonly string[] | undefined; reason?: string | undefined } | undefined;
}

/** Whether there is a file or a folder of this name. */
type IsFile = (path: string) => boolean;

/** The targets of the inventory, in its order. `entries` have been checked: a mistake in one is a UserError all the same. */
export function inventoryTargets(entries: readonly (string | InventoryEntry)[], isFile: IsFile): Target[] {
  return entries.map((entry) => inventoryTarget(entry, isFile));
}

export function inventoryTarget(typed: string | InventoryEntry, isFile: IsFile): Target {
  const entry: InventoryEntry = typeof typed === 'string' ? { target: typed } : typed;
  const { starttls } = entry;
  const target = parseTarget(entry.target, { isFile, ...(starttls === undefined ? {} : { starttls }) });
  return { ...target, settings: { ...target.settings, ...settingsOf(entry) } };
}

/** What the inventory says of each target, to look many up. */
export type Inventory = ReadonlyMap<string, TargetSettings>;

export function inventoryOf(targets: readonly Target[]): Inventory {
  return new Map(targets.map((target) => [comparable(target), target.settings]));
}

/** A target that was typed or listed, with what the inventory says of it when it is there, too. */
export function withSettings(target: Target, inventory: Inventory): Target {
  const settings = inventory.get(comparable(target));
  return settings === undefined ? target : { ...target, settings: { ...target.settings, ...settings } };
}

/** Equal for two targets that are the same thing. */
export function comparable(target: Target): string {
  return target.kind === 'endpoint' ? targetSubject(target) : `file:${normalize(target.path).replace(/(?<=.)\/$/, '')}`;
}

function settingsOf({ owner, servername, address, warn, crit, ignore }: InventoryEntry): TargetSettings {
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(servername === undefined ? {} : { servername: parseServerName(servername) }),
    ...(address === undefined ? {} : { address }),
    ...(warn === undefined ? {} : { warn: thresholdOf(warn) }),
    ...(crit === undefined ? {} : { crit: thresholdOf(crit) }),
    ...(ignore === undefined ? {} : { ignore: ignoreOf(ignore) }),
  };
}

function ignoreOf({ until, codes }: NonNullable<InventoryEntry['ignore']>): TargetIgnore {
  const time = until === undefined ? undefined : parseDate(until);
  // Without an end it would hide for ever what was to be hidden until a day that nobody can read.
  if (until !== undefined && time === undefined) throw new Error(`'${until}' has not been checked`);
  return { ...(codes === undefined ? {} : { codes }), ...(time === undefined ? {} : { until: time }) };
}
