import type { Config } from '../config/schema.ts';
import { UserError } from '../errors/user-error.ts';
import { parseDuration } from '../quantity/duration.ts';
import { type SectionName, sectionNames } from './report.ts';

/** The part of devops.yaml about reports. */
export type SysinfoConfig = NonNullable<Config['sysinfo']>;

/** What the command line asks of a report. */
export interface ReportRequest {
  /** Sections by name; none means the usual ones. */
  named: readonly SectionName[];
  skipped: readonly SectionName[];
  warnIf: readonly string[];
  failIf: readonly string[];
  allowMissing: boolean;
  sampleSeconds: number | undefined;
  deadlineSeconds: number | undefined;
  /** Name of this machine, for rules that count on some hosts only. */
  host: string;
}

/** What is to be read, and how. */
export interface ReportPlan {
  sections: readonly SectionName[];
  /** What somebody asked for by name. */
  required: ReadonlySet<SectionName>;
  sampleSeconds: number;
  deadlineSeconds: number;
}

/** It asks programs and firmware, and takes seconds. */
const onlyByName: ReadonlySet<SectionName> = new Set(['hardware']);

/**
 * Command line before devops.yaml before defaults. `needed` are the sections that rules read: they are never left out.
 * Throws a UserError when nothing is left to report on.
 */
export function planReport(
  request: ReportRequest,
  config: SysinfoConfig,
  needed: ReadonlySet<SectionName>,
): ReportPlan {
  const usual = config.sections ?? sectionNames.filter((name) => !onlyByName.has(name));
  const shown = request.named.length > 0 ? request.named : usual.filter((name) => !(config.skip ?? []).includes(name));
  const sections = sectionNames.filter(
    (name) => (shown.includes(name) && !request.skipped.includes(name)) || needed.has(name),
  );
  if (sections.length === 0) {
    throw new UserError('every section is skipped: nothing is left to report on', {
      code: 'usage',
      hints: ['leave out one --skip, or one entry of sysinfo.skip in devops.yaml'],
    });
  }
  return {
    sections,
    required: new Set(request.named),
    sampleSeconds: request.sampleSeconds ?? secondsOf(config.sample) ?? 0.25,
    deadlineSeconds: request.deadlineSeconds ?? secondsOf(config.deadline) ?? 2,
  };
}

function secondsOf(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : parseDuration(duration);
}
