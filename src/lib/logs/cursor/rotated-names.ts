/** What the name of a rotated file says of its age. */
export interface Rotation {
  /** `number`: higher is older (`log.1`, `log.2.gz`, `log.old`). `date`: higher is newer (`log-20261120`). */
  scheme: 'number' | 'date';
  /** Groups of digits from the most significant, to be compared as numbers. */
  order: readonly number[];
  /** The name without the suffix of a compression: `log.1` and `log.1.gz` are the same rotation. */
  slot: string;
  compressed: boolean;
}

const compressions = /\.(?:gz|zst|zstd|bz2|xz|lz4|lzma|Z|zip)$/;
const numbered = /^\.(\d{1,6})$/;
// logrotate's dateext with any of the usual formats, its %s, the date of log4j and cronolog, and a counter behind it.
const dated = /^[-._](\d{4}-\d{2}-\d{2}|\d{6,14})(?:[-_.T]\d{1,10}){0,4}Z?$/;

/** Whether a file of this name is a compressed one, as far as names tell. */
export function isCompressedName(name: string): boolean {
  return compressions.test(name);
}

/**
 * How `name` is a rotated file of the log `base`; undefined when it is none. Both are names without a folder. Between
 * a name and its last suffix the rotation may stand as well: `app.1.log`, `app-2026-11-20.log.gz`.
 */
export function rotationOf(base: string, name: string): Rotation | undefined {
  if (name === base || name.length > 255) return undefined;
  const slot = name.replace(compressions, '');
  const compressed = slot !== name;
  const middle = middleOf(base, slot);
  if (middle === undefined) return undefined;
  if (middle === '') return compressed ? { scheme: 'number', order: [0], slot, compressed } : undefined;
  if (middle === '.old') return { scheme: 'number', order: [1], slot, compressed };
  const number = numbered.exec(middle)?.[1];
  if (number !== undefined) return { scheme: 'number', order: [Number(number)], slot, compressed };
  if (!dated.test(middle)) return undefined;
  return { scheme: 'date', order: (middle.match(/\d+/g) ?? []).map(Number), slot, compressed };
}

/** What stands behind the name, or between it and its suffix. */
function middleOf(base: string, slot: string): string | undefined {
  if (slot.startsWith(base)) return slot.slice(base.length);
  const dot = base.lastIndexOf('.');
  if (dot <= 0) return undefined;
  const [stem, suffix] = [base.slice(0, dot), base.slice(dot)];
  if (!slot.startsWith(stem) || !slot.endsWith(suffix) || slot.length < base.length) return undefined;
  return slot.slice(stem.length, slot.length - suffix.length);
}

interface Aged {
  rotation: Rotation | undefined;
  /** Nanoseconds since 1970. */
  modified: bigint;
}

/**
 * The oldest first. Within a scheme the names decide, for a compression may give any time to a file; between the
 * schemes, and for names that tell nothing, the time of the last write does.
 */
export function oldestFirst<Item extends Aged>(items: readonly Item[]): Item[] {
  const sorted = (['number', 'date', undefined] as const).map((scheme) =>
    items.filter(({ rotation }) => rotation?.scheme === scheme).toSorted(byAge),
  );
  const merged: Item[] = [];
  while (merged.length < items.length) {
    const [next] = sorted
      .filter((list) => list.length > 0)
      .toSorted(([one], [other]) => compare(one!.modified, other!.modified));
    merged.push(next!.shift()!);
  }
  return merged;
}

function byAge(one: Aged, other: Aged): number {
  const [left, right] = [one.rotation?.order ?? [], other.rotation?.order ?? []];
  const sign = one.rotation?.scheme === 'number' ? -1 : 1;
  for (let group = 0; group < Math.max(left.length, right.length); group++) {
    const difference = compare(left[group] ?? -1, right[group] ?? -1);
    if (difference !== 0) return sign * difference;
  }
  return compare(one.modified, other.modified);
}

function compare(one: number | bigint, other: number | bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
