import { detectTimeFormat } from '../../../../src/lib/logs/time/detect-time-format.ts';
import { parseTimeFormat } from '../../../../src/lib/logs/time/parse-time-format.ts';
import type { TimeContext } from '../../../../src/lib/logs/time/time-format.ts';
import { openZone } from '../../../../src/lib/time/zone.ts';

/** A file of a zone, last written at a time that Date.parse reads. */
export function contextOf(zone: string, modified = '2026-11-21T08:00:00Z'): TimeContext {
  return { zone: openZone(zone), modifiedSeconds: Date.parse(modified) / 1000 };
}

/** The time of one line in a format that is named, as ISO 8601; undefined when it has none. */
export function readAs(format: string, line: string, context = contextOf('UTC'), after?: number): string | undefined {
  const bytes = Buffer.from(line);
  const time = parseTimeFormat(format)(context, [bytes]).read(bytes, 0, bytes.length, after);
  return time === undefined ? undefined : new Date(time).toISOString();
}

/** The name of the format that is found, and the time of each line in it as ISO 8601. */
export function detectAndRead(
  lines: readonly string[],
  context = contextOf('UTC'),
): { name: string | undefined; times: (string | undefined)[] } {
  const format = detectTimeFormat(Buffer.from(lines.join('\n')), context);
  const times = lines.map((line) => {
    const bytes = Buffer.from(line);
    const time = format?.read(bytes, 0, bytes.length);
    return time === undefined ? undefined : new Date(time).toISOString();
  });
  return { name: format?.name, times };
}
