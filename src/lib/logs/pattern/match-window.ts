import { holdsByte } from './byte-set.ts';
import type { ByteSet } from './byte-set.ts';
import { unionOf } from './byte-set.ts';
import type { Step } from './program.ts';

/** The first bytes of every match: what may stand at each of its places, whatever comes after. */
export interface MatchWindow {
  /** At most 24. */
  readonly length: number;
  /** For each byte, bit `length - 1 - place` of each place that it may stand at. */
  readonly masks: Int32Array;
}

const maximumLength = 24;
/** The shorter the window, the smaller the leaps: below this, looking at every byte is faster. */
const shortestWindow = 10;

/** The window of an anchored program; undefined when its matches are too short or too free for it to help. */
export function matchWindow(steps: readonly Step[]): MatchWindow | undefined {
  const places: ByteSet[] = [];
  let current = new Set([0]);
  while (places.length < maximumLength) {
    const reading = readingSteps(steps, current);
    if (reading === undefined) break;
    places.push(unionOf(...new Set(reading.map(({ set }) => set))));
    current = new Set(reading.map(({ index }) => index + 1));
  }
  // A place where most bytes may stand, as the end of `foo.*`, only slows the search down.
  while (places.length > 0 && frequency(places.at(-1)!) > 0.5) places.pop();
  if (places.length < shortestWindow || places.reduce((product, place) => product * frequency(place), 1) > 0.02)
    return undefined;
  const masks = new Int32Array(256);
  for (const [place, set] of places.entries()) {
    for (let byte = 0; byte < 256; byte++) if (holdsByte(set, byte)) masks[byte]! |= 1 << (places.length - 1 - place);
  }
  return { length: places.length, masks };
}

/** The steps that can be the next to read a byte; undefined when a match may end here. */
function readingSteps(
  steps: readonly Step[],
  from: ReadonlySet<number>,
): { index: number; set: ByteSet }[] | undefined {
  const reading: { index: number; set: ByteSet }[] = [];
  const seen = new Set<number>();
  const open = [...from];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (seen.has(index)) continue;
    seen.add(index);
    const step = steps[index]!;
    if (step.kind === 'match') return undefined;
    if (step.kind === 'bytes') reading.push({ index, set: step.set });
    else if (step.kind === 'fork') open.push(step.first, step.second);
    else open.push(step.kind === 'jump' ? step.target : index + 1);
  }
  return reading;
}

/** About how much of a log a set takes up: digits and small letters are most of it, the rest is spread thin. */
function frequency(set: ByteSet): number {
  let sum = 0;
  for (const [first, last] of set) {
    for (let byte = first; byte <= last; byte++) {
      if (byte >= 0x61 && byte <= 0x7a) sum += 0.45 / 26;
      else if (byte >= 0x30 && byte <= 0x39) sum += 0.25 / 10;
      else if (byte >= 0x20 && byte <= 0x7e) sum += 0.28 / 59;
      else sum += 0.02 / 161;
    }
  }
  return sum;
}

/**
 * First place at or behind `from` where the window fits before `end`; -1 when there is none. Reads each window from its
 * end and leaps over what cannot be the start of one (BNDM, Navarro and Raffinot 1998): long windows of rare bytes are
 * found at a fraction of a step per byte, the worst case is `length` steps per byte.
 */
export function findWindow({ length, masks }: MatchWindow, bytes: Buffer, from: number, end: number): number {
  const first = 1 << (length - 1);
  const last = end - length;
  let start = from;
  while (start <= last) {
    let place = length - 1;
    // Bit by bit, the places at which what has been read so far may begin.
    let fits = masks[bytes[start + place]!]!;
    let leap = length;
    while (fits !== 0) {
      if ((fits & first) !== 0) {
        if (place === 0) return start;
        leap = place;
      }
      place--;
      fits = (fits << 1) & masks[bytes[start + place]!]!;
    }
    start += leap;
  }
  return -1;
}
