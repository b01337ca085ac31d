import { MalformedCertificate } from './certificate.ts';
import { readTagged, tags, type Element } from './der.ts';

/** No identifier that is in use comes near it; reading a number of n digits takes n² steps. */
const mostBytes = 128;

/** Throws MalformedCertificate when there is none. */
export function readObjectIdentifier(der: Buffer, start: number, limit: number, what: string): Element {
  return readTagged(der, start, limit, tags.objectIdentifier, what);
}

/** Reads a table by the bytes of an object identifier, which saves writing the numbers out for each look-up. */
export function lookUp<Value>(table: ReadonlyMap<string, Value>, der: Buffer, identifier: Element): Value | undefined {
  return table.get(der.toString('latin1', identifier.content, identifier.end));
}

/** A table for `lookUp` from one whose keys are dotted numbers. */
export function byObjectIdentifier<Value>(table: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(table).map(([dotted, value]) => [encode(dotted), value]));
}

/** Such as `1.2.840.113549.1.1.11` (X.690, 8.19). Throws MalformedCertificate for bytes that are no identifier. */
export function dottedNumber(der: Buffer, identifier: Element): string {
  const { start, content, end } = identifier;
  if (content === end || end - content > mostBytes || der[end - 1]! >= 0x80) throw broken(start);
  const arcs: (number | bigint)[] = [];
  for (let position = content; position < end;) {
    if (der[position] === 0x80) throw broken(start);
    let last = position;
    while (der[last]! >= 0x80) last++;
    arcs.push(arcOf(der, position, last + 1));
    position = last + 1;
  }
  const [first, ...rest] = arcs;
  // The first two arcs share a number; only below 2 may the second one exceed 39.
  const root = first! < 80 ? Math.floor(Number(first) / 40) : 2;
  const second = typeof first === 'bigint' ? first - 80n : first! - root * 40;
  return [root, second, ...rest].join('.');
}

function arcOf(der: Buffer, start: number, end: number): number | bigint {
  if (end - start > 7) {
    let large = 0n;
    for (let position = start; position < end; position++) large = large * 128n + BigInt(der[position]! & 0x7f);
    return large;
  }
  let arc = 0;
  for (let position = start; position < end; position++) arc = arc * 128 + (der[position]! & 0x7f);
  return arc;
}

function broken(start: number): MalformedCertificate {
  return new MalformedCertificate(`an object identifier is not well formed, at byte ${start}`);
}

/** Our own tables only: every number is below 2^31. */
function encode(dotted: string): string {
  const [root, second, ...rest] = dotted.split('.').map(Number);
  return [root! * 40 + second!, ...rest].map(encodeArc).join('');
}

function encodeArc(arc: number): string {
  let encoded = String.fromCharCode(arc & 0x7f);
  for (let left = arc >>> 7; left > 0; left >>>= 7) encoded = String.fromCharCode((left & 0x7f) | 0x80) + encoded;
  return encoded;
}
