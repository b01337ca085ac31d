import { UserError } from '../../errors/user-error.ts';
import { comparable, type InventoryEntry, inventoryTarget } from './inventory.ts';
import type { Target } from './target.ts';

type EndpointSetting = 'starttls' | 'servername' | 'address';

export interface Contradiction {
  /** The key that cannot stay. */
  key: EndpointSetting;
  message: string;
  hint: string;
}

/** Settings that mean nothing for the target beside them: they would be passed over without a word. */
export function contradictions(entry: InventoryEntry): Contradiction[] {
  const target = readable(entry);
  if (target === undefined) return [];
  if (target.kind === 'path') {
    return (['starttls', 'servername', 'address'] as const)
      .filter((key) => entry[key] !== undefined)
      .map((key) => ({ key, message: 'is for servers, and the target is a file', hint: 'remove it' }));
  }
  if (entry.starttls === undefined || !entry.target.includes('://')) return [];
  return [{ key: 'starttls', message: 'the scheme of the target says it already', hint: 'remove one of the two' }];
}

export interface Duplicate {
  index: number;
  /** The first entry that means the same. */
  first: number;
  target: Target;
}

/** The targets that are there already, under this spelling or another. */
export function duplicates(entries: readonly (string | InventoryEntry)[]): Duplicate[] {
  const seen = new Map<string, number>();
  const found: Duplicate[] = [];
  for (const [index, entry] of entries.entries()) {
    const target = readable(entry);
    if (target === undefined) continue;
    const subject = comparable(target);
    const first = seen.get(subject);
    if (first === undefined) seen.set(subject, index);
    else found.push({ index, first, target });
  }
  return found;
}

/** Undefined when the entry has a mistake of its own, which is told elsewhere. */
function readable(entry: string | InventoryEntry): Target | undefined {
  try {
    const text = typeof entry === 'string' ? entry : entry.target;
    const starttls = typeof entry === 'string' ? undefined : entry.starttls;
    return inventoryTarget({ target: text, starttls }, noFile);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** A configuration means the same on every machine: files that are there today do not count. */
function noFile(): boolean {
  return false;
}
