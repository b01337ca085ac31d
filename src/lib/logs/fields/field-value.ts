/** What one field of a record holds; in logfmt and access logs everything is text, also `500`. */
export type FieldValue = string | number | boolean | null;

/**
 * The field `name` of the record in `bytes` from `start` up to (not including) `end`; undefined when it is not there.
 * It never throws, whatever the bytes are.
 */
export type ReadField = (bytes: Buffer, start: number, end: number, name: string) => FieldValue | undefined;

/**
 * A stretch of bytes as text, UTF-8. A short one that is ASCII, as nearly every value of a log is, goes the cheaper way
 * of Latin-1; for a long one looking first costs more than it saves.
 */
export function textOf(bytes: Buffer, start: number, end: number): string {
  if (end - start > 24) return bytes.toString('utf8', start, end);
  for (let at = start; at < end; at++) {
    if (bytes[at]! >= 0x80) return bytes.toString('utf8', start, end);
  }
  return bytes.toString('latin1', start, end);
}
