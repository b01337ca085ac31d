import type { ChunkView } from './chunk-view.ts';
import type { TagName } from './tag-name.ts';

/**
 * Finds where an element ends that nobody wants to know, all in it included: two thirds of an answer. Its inside is not
 * looked at.
 * @param from After its opening tag.
 * @returns Where the view goes on after it, or -1 where only reading it tag by tag can tell: it goes on in the next
 * chunk, has one of its own name in it, or a comment or CDATA.
 */
export function passOver(view: ChunkView, from: number, tagName: TagName): number {
  const { bytes, serial } = view;
  const { opening, closing } = tagName;
  // Nobody makes us look through a whole chunk for each of a thousand elements.
  if (!tagName.isKept || tagName.missedIn === serial) return -1;
  const tag = bytes.indexOf('<', from);
  if (tag < 0) return -1;
  if (bytes.startsWith(closing, tag + 1)) return tag + 1 + closing.length;
  const end = bytes.indexOf(closing, tag);
  if (end < 0) tagName.missedIn = serial;
  if (end < 0 || bytes[end - 1] !== '<' || view.specialFrom(from) < end) return -1;
  return bytes.slice(tag, end).includes(opening) ? -1 : end + closing.length;
}
