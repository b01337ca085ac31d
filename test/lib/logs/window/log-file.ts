import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TimeFormat } from '../../../../src/lib/logs/time/time-format.ts';
import { locateWindow, type LocatedWindow, type LocateOptions } from '../../../../src/lib/logs/window/locate-window.ts';
import { parseTimeFormat } from '../../../../src/lib/logs/time/parse-time-format.ts';
import { contextOf } from '../time/read-line.ts';

/** The milliseconds of an ISO time. */
export const ms = (text: string): number => Date.parse(text);

/** Lines of `2026-11-20T14:00:05.123Z ...`, or on the clock of a zone when they name no offset. */
export function isoFormat(zone = 'UTC'): TimeFormat {
  return parseTimeFormat('iso')(contextOf(zone), [Buffer.from('2026-11-20T14:00:05.123Z message')]);
}

/** Finds windows of one file. */
export type Locate = (window: LocateOptions['window'], options?: Partial<LocateOptions>) => Promise<LocatedWindow>;

/** Makes a file for as long as `use` takes. */
export async function withLogFile<Result>(
  content: Buffer | string,
  use: (locate: Locate) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'log-window-'));
  const path = join(folder, 'app.log');
  writeFileSync(path, content);
  const descriptor = openSync(path, 'r');
  const defaults = { toleranceMs: 2000, size: Buffer.byteLength(content), format: isoFormat() };
  try {
    return await use((window, options) =>
      locateWindow(descriptor, { ...defaults, window, signal: AbortSignal.timeout(20_000), ...options }),
    );
  } finally {
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  }
}

/** One window of lines that are given. */
export function locateIn(
  content: Buffer | string,
  window: LocateOptions['window'],
  options: Partial<LocateOptions> = {},
): Promise<LocatedWindow> {
  return withLogFile(content, (locate) => locate(window, options));
}

/** The text of the window; fails when it is not a range. */
export async function windowText(
  content: Buffer | string,
  window: LocateOptions['window'],
  options: Partial<LocateOptions> = {},
): Promise<string> {
  const located = await locateIn(content, window, options);
  if (located.kind !== 'range') throw new Error(`the window was ${located.kind}`);
  return Buffer.from(content).toString('utf8', located.start, located.end);
}
