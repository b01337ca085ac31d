import { noteError, readOptional } from './probe.ts';
import type { Probe } from './probe.ts';
import type { SectionName } from './report.ts';

/**
 * The text of a file that a section can do without. Undefined when this machine does not have it; when it is there and
 * cannot be read that is noted, and the rest of the section is still told.
 */
export function readNoted(probe: Probe, section: SectionName, path: string): string | undefined {
  try {
    return readOptional(probe, path);
  } catch (error) {
    noteError(probe, section, error, path);
    return undefined;
  }
}
