import { closeSync, openSync, readSync } from 'node:fs';
import { labelledText } from './kernel-text.ts';
import { noteError } from './probe.ts';
import type { Probe } from './probe.ts';
import type { SectionName } from './report.ts';

/** What /proc/cpuinfo says about the first processor. */
export interface Processor {
  /** Such as `Intel(R) Xeon(R) Processor`; absent on machines that do not name it, as most of ARM. */
  model?: string;
  /** The `flags` line of x86; absent elsewhere. */
  flags?: string[];
}

/**
 * Reads only the beginning: the kernel writes the same 1.5 KB for every processor, at a cost of milliseconds on a
 * machine with hundreds of them. Empty when the file is not there; any other failure is noted for the section.
 */
export function readFirstProcessor(probe: Probe, section: SectionName): Processor {
  try {
    return parseProcessor(readStart(`${probe.root}/proc/cpuinfo`, 8192));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      noteError(probe, section, error, '/proc/cpuinfo');
    }
    return {};
  }
}

function readStart(path: string, size: number): string {
  const start = Buffer.alloc(size);
  const file = openSync(path, 'r');
  try {
    return start.toString('utf8', 0, readSync(file, start));
  } finally {
    closeSync(file);
  }
}

export function parseProcessor(text: string): Processor {
  const model = labelledText(text, 'model name');
  const flags = labelledText(text, 'flags');
  return {
    ...(model !== undefined && { model: afterColon(model) }),
    ...(flags !== undefined && { flags: afterColon(flags).split(' ') }),
  };
}

function afterColon(text: string): string {
  return text.slice(text.indexOf(':') + 1).trim();
}
