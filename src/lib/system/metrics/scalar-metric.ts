import type { MetricUnit } from '../../rules/declared-metric.ts';
import type { Reading } from '../../rules/reading.ts';
import type { SectionName, SysinfoReport } from '../report.ts';
import { errorsOf, gapsOf, noRate, readingWithoutSection } from './system-metric.ts';
import type { Section, SystemMetric } from './system-metric.ts';

export interface ScalarOptions<Name extends SectionName> {
  /** Why a machine that works may lack the value. Without it, a missing value is one that could not be read. */
  absent?: string;
  sampled?: true;
  /** Why the value that is there cannot be trusted; undefined when it can. */
  doubt?: (section: Section<Name>, report: SysinfoReport) => string | undefined;
}

type Scalar<Name extends SectionName> = (
  name: string,
  unit: MetricUnit,
  help: string,
  value: (section: Section<Name>, report: SysinfoReport) => number | boolean | undefined,
  options?: ScalarOptions<Name>,
) => SystemMetric;

/** Makes the metrics of one section that have one value and no labels. */
export function scalarsOf<Name extends SectionName>(section: Name, common: ScalarOptions<Name> = {}): Scalar<Name> {
  return (name, unit, help, value, own = {}) => {
    const options = { ...common, ...own };
    const read = (report: SysinfoReport): Reading => {
      const found = report[section];
      if (found === undefined) return readingWithoutSection(report, section);
      const doubt = options.doubt?.(found, report);
      if (doubt !== undefined) return gap(doubt);
      const number = value(found, report);
      if (number !== undefined) return { samples: [{ labels: {}, value: Number(number) }] };
      if (options.sampled) return gap(noRate);
      const errors = errorsOf(report, section);
      if (errors.length > 0) return { samples: [], unreadable: gapsOf(errors) };
      return options.absent === undefined ? gap('it was not found') : { samples: [], unavailable: options.absent };
    };
    return { name, unit, help, labels: [], section, ...(options.sampled && { sampled: true }), read };
  };
}

function gap(message: string): Reading {
  return { samples: [], unreadable: [{ labels: {}, message }] };
}
