import { readAccessLogField } from './access-log-field.ts';
import type { ReadField } from './field-value.ts';
import { readJsonField } from './json-field.ts';
import { findJsonObject, walkJsonObject } from './json-walk.ts';
import { readLogfmtField, readTextField, walkLogfmt } from './logfmt-field.ts';

/** How the lines of a log are built: `clf` is the access log of Apache and nginx, `text` everything else. */
export type Shape = 'json' | 'logfmt' | 'clf' | 'text';

export const fieldReaders: Readonly<Record<Shape, ReadField>> = {
  json: readJsonField,
  logfmt: readLogfmtField,
  clf: readAccessLogField,
  text: readTextField,
};

/**
 * The shape that most of the sample's lines have, when it is at least half of those that are not blank; `text`
 * otherwise, and for no lines at all. A hundred lines are plenty.
 */
export function detectShape(lines: readonly string[]): Shape {
  const counts: Record<Shape, number> = { json: 0, logfmt: 0, clf: 0, text: 0 };
  let total = 0;
  for (const line of lines) {
    if (line.trim() === '') continue;
    counts[shapeOf(Buffer.from(line.slice(0, longestSample)))]++;
    total++;
  }
  const shapes: readonly Shape[] = ['json', 'clf', 'logfmt'];
  const best = shapes.reduce((first, second) => (counts[second] > counts[first] ? second : first));
  return counts[best] > 0 && counts[best] * 2 >= total ? best : 'text';
}

/** Beyond this a line tells nothing new about its shape. */
const longestSample = 16_384;

/** `host ident user [10/Oct/2000:13:55:36 -0700] "request" status bytes`, as Apache documents it for mod_log_config. */
const accessLog = /^\S+ \S+ .{1,512}?\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "/;

function shapeOf(bytes: Buffer): Shape {
  if (accessLog.test(bytes.toString('latin1', 0, 1024))) return 'clf';
  if (holdsJsonMember(bytes)) return 'json';
  return isLogfmt(bytes) ? 'logfmt' : 'text';
}

function holdsJsonMember(bytes: Buffer): boolean {
  const object = findJsonObject(bytes, 0, bytes.length);
  if (object === -1) return false;
  let members = 0;
  walkJsonObject(bytes, object, bytes.length, () => {
    members++;
    return true;
  });
  return members > 0;
}

/** At least two pairs, and at least as many pairs as other words: prose with two pairs in it is text. */
function isLogfmt(bytes: Buffer): boolean {
  let pairs = 0;
  let words = 0;
  walkLogfmt(bytes, 0, bytes.length, (keyStart, keyEnd, valueStart) => {
    const isName = /^[\w@][\w@.\-/]*$/.test(bytes.toString('latin1', keyStart, Math.min(keyEnd, keyStart + 256)));
    if (isName && valueStart !== -1) pairs++;
    else words++;
    return false;
  });
  return pairs >= 2 && pairs >= words;
}
