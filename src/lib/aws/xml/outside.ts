import { space } from './markup-bytes.ts';
import { XmlMistake } from './xml-mistake.ts';

const byteOrderMark = [0xef, 0xbb, 0xbf];

/**
 * Throws unless what stands around the root element is only white space, and in front of everything perhaps a byte order
 * mark.
 * @param before Bytes of the document in front of `bytes`.
 */
export function checkOutside(bytes: string, from: number, to: number, before: number, isAfterRoot: boolean): void {
  for (let at = from; at < to; at++) {
    const byte = bytes.charCodeAt(at);
    if (byte > space && byte !== byteOrderMark[before + at]) {
      throw isAfterRoot ? new XmlMistake('broken', 'goes on after its end') : new XmlMistake('foreign', 'is not XML');
    }
  }
}
