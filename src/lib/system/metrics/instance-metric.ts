import type { Labels, MetricUnit } from '../../rules/declared-metric.ts';
import type { Gap, Reading, Sample } from '../../rules/reading.ts';
import type { SectionName, SysinfoReport } from '../report.ts';
import { noRate, readingWithoutSection } from './system-metric.ts';
import type { Section, SystemMetric } from './system-metric.ts';

/** How the things of one section become instances with labels. */
export interface InstanceFamily<Name extends SectionName, Item> {
  section: Name;
  /** The labels that tell one instance from another. */
  labels: readonly string[];
  furtherLabels?: readonly string[];
  /** Undefined when the machine has no such list. */
  items: (section: Section<Name>) => readonly Item[] | undefined;
  /** Why the list is not there, when that is no failure. */
  absent?: string;
  labelsOf: (item: Item) => Labels;
  /** Other labels that mean the same thing. */
  alternativesOf?: (item: Item) => readonly Labels[];
  /** What could not be read and may be missing from the list. */
  hidden: (report: SysinfoReport, items: readonly Item[]) => readonly Gap[];
  /** What is not in the list counts 0. */
  absentIsZero?: true;
}

export interface InstanceOptions<Item> {
  sampled?: true;
  /** Why the value of this one is not there, when that is a failure; undefined when it has no such value. */
  failure?: (item: Item, report: SysinfoReport) => string | undefined;
  /** Why the value of this one is not there yet. */
  notYet?: (item: Item, report: SysinfoReport) => string | undefined;
}

type PerInstance<Item> = (
  name: string,
  unit: MetricUnit,
  help: string,
  value: (item: Item) => number | boolean | undefined,
  options?: InstanceOptions<Item>,
) => SystemMetric;

/** Makes the metrics of one section that have a value for each of its things. */
export function instancesOf<Name extends SectionName, Item>(family: InstanceFamily<Name, Item>): PerInstance<Item> {
  const { section, labels, furtherLabels, absentIsZero } = family;
  return (name, unit, help, value, options = {}) => ({
    name,
    unit,
    help,
    labels,
    section,
    ...(furtherLabels && { furtherLabels }),
    ...(options.sampled && { sampled: true }),
    read: (report) => {
      const found = report[section];
      if (found === undefined) return readingWithoutSection(report, section);
      const items = family.items(found);
      const hidden = family.hidden(report, items ?? []);
      if (items === undefined && hidden.length === 0) return { samples: [], unavailable: family.absent ?? 'not here' };
      const { samples, unreadable, notYetKnown } = readItems(family, items ?? [], value, options, report);
      const reading: Reading = { samples, unreadable: [...unreadable, ...hidden], notYetKnown };
      return absentIsZero ? { ...reading, absentIsZero } : reading;
    },
  });
}

function readItems<Name extends SectionName, Item>(
  family: InstanceFamily<Name, Item>,
  items: readonly Item[],
  value: (item: Item) => number | boolean | undefined,
  { sampled, failure, notYet }: InstanceOptions<Item>,
  report: SysinfoReport,
): { samples: Sample[]; unreadable: Gap[]; notYetKnown: Gap[] } {
  const samples: Sample[] = [];
  const unreadable: Gap[] = [];
  const notYetKnown: Gap[] = [];
  for (const item of items) {
    const alternatives = family.alternativesOf?.(item);
    const subject = { labels: family.labelsOf(item), ...(alternatives && { alternatives }) };
    const number = value(item);
    const failed = number === undefined ? (failure?.(item, report) ?? (sampled && noRate)) : undefined;
    const pending = number === undefined && failed === undefined ? notYet?.(item, report) : undefined;
    if (number !== undefined) samples.push({ ...subject, value: Number(number) });
    else if (failed !== undefined) unreadable.push({ ...subject, message: failed });
    else if (pending !== undefined) notYetKnown.push({ ...subject, message: pending });
  }
  return { samples, unreadable, notYetKnown };
}
