import { jsonFormat } from './json-lines.ts';
import { enoughLines } from './learn-place.ts';
import { visitLines } from './sample-lines.ts';
import type { LogSample, StampReader, TimeFormat } from './time-format.ts';
import { timeKeyCount } from './time-keys.ts';

/** The format of lines of JSON that prefers the key under which most lines of the sample have a time. */
export function learnJson(value: StampReader, sample: LogSample): TimeFormat {
  const plain = Array.from({ length: timeKeyCount + 1 }, () => 0);
  const prefixed = [...plain];
  const atStart = jsonFormat(value, { found: (key) => void plain[key]!++ });
  const behindPrefix = jsonFormat(value, { prefixed: true, found: (key) => void prefixed[key]!++ });
  let found = 0;
  visitLines(sample, (bytes, start, end) => {
    const reads = atStart.read(bytes, start, end) ?? behindPrefix.read(bytes, start, end);
    if (reads !== undefined) found++;
    return found < enoughLines;
  });
  const isPrefixed = Math.max(...prefixed) > Math.max(...plain);
  const counts = isPrefixed ? prefixed : plain;
  const most = Math.max(...counts);
  return jsonFormat(value, { preferred: most === 0 ? 0 : counts.indexOf(most), prefixed: isPrefixed });
}
