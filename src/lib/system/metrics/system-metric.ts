import type { DeclaredMetric } from '../../rules/declared-metric.ts';
import type { Gap, Reading } from '../../rules/reading.ts';
import type { SectionError, SectionName, SysinfoReport } from '../report.ts';

/** A metric that a rule over a sysinfo report can name. */
export interface SystemMetric extends DeclaredMetric {
  /** The section that has to be read for it. */
  readonly section: SectionName;
  /** It is a rate: the report needs two looks, some time apart. */
  readonly sampled?: true;
  readonly read: (report: SysinfoReport) => Reading;
}

export type Section<Name extends SectionName> = NonNullable<SysinfoReport[Name]>;

/** What to say of a rate that is not there. */
export const noRate = 'no rate: it takes two looks at it, some time apart, and counters that did not start anew';

export function errorsOf(report: SysinfoReport, section: SectionName): SectionError[] {
  return report.errors.filter((error) => error.section === section);
}

export function messageOf({ subject, message }: SectionError): string {
  return subject === undefined ? message : `${subject}: ${message}`;
}

/** One gap for each error, for whatever it may have hidden. */
export function gapsOf(errors: readonly SectionError[]): Gap[] {
  return errors.map((error) => ({ labels: {}, message: messageOf(error) }));
}

/** The reading of a metric whose section is not there: failed, absent on this machine, or not asked for. */
export function readingWithoutSection(report: SysinfoReport, section: SectionName): Reading {
  const errors = errorsOf(report, section);
  if (errors.length > 0) return { samples: [], unreadable: gapsOf(errors) };
  const unavailable = report.unavailable.find((entry) => entry.section === section)?.reason;
  if (unavailable !== undefined) return { samples: [], unavailable };
  return { samples: [], unreadable: [{ labels: {}, message: `the section ${section} was not read` }] };
}
