import type { FieldValue } from './field-value.ts';
import { unwrapDocker } from './json-field.ts';
import { findJsonObject, readJsonValue, walkJsonObject } from './json-walk.ts';
import { levelOfName, levelOfNumber } from './level.ts';
import type { Level } from './level.ts';
import { readLogfmtValue, walkLogfmt } from './logfmt-field.ts';
import type { Shape } from './shape.ts';
import { readTextLevel } from './text-level.ts';

/** Names of the field, in small letters: loggers, ECS, GELF, journald, OpenTelemetry, Serilog, Python. */
const levelFields: ReadonlySet<string> = new Set([
  'level',
  'severity',
  'lvl',
  'log.level',
  '@level',
  'levelname',
  'priority',
  'loglevel',
  'log_level',
  'severitytext',
  'severity_text',
  '@l',
]);

/**
 * The level of a record: for JSON and logfmt the first of the fields level, severity, lvl, log.level, @level,
 * levelname, priority and the like that names one, in any case, or as a number of syslog, pino or bunyan; the head of the
 * line when there is none. For text see `readTextLevel`; a line of text that is a JSON object is read as one. Access
 * logs have no level. `bytes` from `start` up to (not including) `end` is the record, of several lines or one.
 */
export function readLevel(bytes: Buffer, start: number, end: number, shape: Shape): Level | undefined {
  if (shape === 'clf') return undefined;
  if (shape === 'json' || bytes[start] === 0x7b) return readJsonLevel(bytes, start, end);
  if (shape === 'logfmt') {
    const level = readLogfmtLevel(bytes, start, end);
    if (level !== undefined) return level;
  }
  return readTextLevel(bytes, start, end);
}

function readJsonLevel(bytes: Buffer, start: number, end: number): Level | undefined {
  const object = findJsonObject(bytes, start, end);
  if (object === -1) return readTextLevel(bytes, start, end);
  const level = readMemberLevel(bytes, object, end);
  if (level !== undefined) return level;
  const wrapped = unwrapDocker(bytes, object, end);
  if (wrapped === undefined) return readTextLevel(bytes, start, object);
  const inner = findJsonObject(wrapped, 0, wrapped.length);
  const byMember = inner === -1 ? undefined : readMemberLevel(wrapped, inner, wrapped.length);
  return byMember ?? readTextLevel(wrapped, 0, inner === -1 ? wrapped.length : inner);
}

function readMemberLevel(bytes: Buffer, object: number, end: number): Level | undefined {
  let level: Level | undefined;
  walkJsonObject(bytes, object, end, (keyStart, keyEnd, valueStart, valueEnd) => {
    if (isLevelField(bytes, keyStart, keyEnd)) level = levelOfValue(readJsonValue(bytes, valueStart, valueEnd));
    else if (isMongoSeverity(bytes, keyStart, keyEnd, valueStart, valueEnd))
      level = mongoLevels[bytes[valueStart + 1]!];
    else if (isNestedLog(bytes, keyStart, keyEnd, valueStart)) level = readNestedLevel(bytes, valueStart, valueEnd);
    return level !== undefined;
  });
  return level;
}

/** `"log":{"level":"error"}`, the other way to write ECS' `log.level`; its other members say nothing. */
function readNestedLevel(bytes: Buffer, start: number, end: number): Level | undefined {
  let level: Level | undefined;
  walkJsonObject(bytes, start, end, (keyStart, keyEnd, valueStart, valueEnd) => {
    if (bytes.toString('latin1', keyStart, keyEnd) !== 'level') return false;
    level = levelOfValue(readJsonValue(bytes, valueStart, valueEnd));
    return true;
  });
  return level;
}

function isNestedLog(bytes: Buffer, keyStart: number, keyEnd: number, valueStart: number): boolean {
  return bytes[valueStart] === 0x7b && keyEnd - keyStart === 3 && bytes.toString('latin1', keyStart, keyEnd) === 'log';
}

/** `"s":"I"` of MongoDB 4.4 and later: F, E, W, I, and D1 to D5. */
const mongoLevels: Readonly<Record<number, Level>> = {
  0x46: 'critical',
  0x45: 'error',
  0x57: 'warning',
  0x49: 'info',
  0x44: 'debug',
};

function isMongoSeverity(
  bytes: Buffer,
  keyStart: number,
  keyEnd: number,
  valueStart: number,
  valueEnd: number,
): boolean {
  const length = valueEnd - valueStart;
  return (
    keyEnd - keyStart === 1 && bytes[keyStart] === 0x73 && bytes[valueStart] === 0x22 && (length === 3 || length === 4)
  );
}

function readLogfmtLevel(bytes: Buffer, start: number, end: number): Level | undefined {
  let level: Level | undefined;
  walkLogfmt(bytes, start, end, (keyStart, keyEnd, valueStart, valueEnd) => {
    if (valueStart !== -1 && isLevelField(bytes, keyStart, keyEnd)) {
      level = levelOfValue(readLogfmtValue(bytes, valueStart, valueEnd));
    }
    return level !== undefined;
  });
  return level;
}

/** By the first letter and the length before anything is decoded: most keys are none. */
function isLevelField(bytes: Buffer, start: number, end: number): boolean {
  const length = end - start;
  const first = bytes[start]! | 0x20;
  if (length < 2 || length > 13 || (first !== 0x6c && first !== 0x73 && first !== 0x70 && first !== 0x60)) return false;
  return levelFields.has(bytes.toString('latin1', start, end).toLowerCase());
}

function levelOfValue(value: FieldValue | undefined): Level | undefined {
  if (typeof value === 'number') return levelOfNumber(value);
  if (typeof value !== 'string') return undefined;
  return /^\d{1,3}$/.test(value) ? levelOfNumber(Number(value)) : levelOfName(value.trim());
}
