import { expect, test } from 'vitest';
import { detectTimeFormat } from '../../../../src/lib/logs/time/detect-time-format.ts';
import { openZone } from '../../../../src/lib/time/zone.ts';
import { modified, programLines } from './program-lines.ts';

const context = { zone: openZone('Europe/Berlin'), modifiedSeconds: Date.parse(modified) / 1000 };

test.each(programLines)('the time of $program is found and read', ({ line, time, microseconds = 0, format }) => {
  const bytes = Buffer.from(line);
  const found = detectTimeFormat([bytes], context);
  expect(found?.name).toBe(format);
  expect(found!.read(bytes, 0, bytes.length)).toBe(Date.parse(time) + microseconds / 1000);
});

test.each(programLines)(
  'a file of $program in the midst of other bytes is read alike',
  ({ line, time, microseconds = 0 }) => {
    const text = `Starting up\n\n${`${line}\r\n\tat com.example.Main.run(Main.java:31)\n`.repeat(3)}`;
    const bytes = Buffer.from(text);
    const found = detectTimeFormat(bytes, context)!;
    const expected = Date.parse(time) + microseconds / 1000;
    const times: (number | undefined)[] = [];
    for (let start = 0; start < bytes.length;) {
      const end = bytes.indexOf(10, start);
      times.push(found.read(bytes, start, end));
      start = end + 1;
    }
    expect(times).toEqual([undefined, undefined, ...[1, 2, 3].flatMap(() => [expected, undefined])]);
  },
);
