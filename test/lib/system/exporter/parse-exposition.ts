/** What the text exposition format says, read back without the code that wrote it. */
export interface Family {
  help: string;
  type: string;
  /** By what tells them apart: their labels, in the order of their names. */
  series: Map<string, Series>;
}

export interface Series {
  labels: Record<string, string>;
  value: number;
}

export function parseExposition(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  const familyOf = (name: string): Family => {
    const family = families.get(name) ?? { help: '', type: '', series: new Map<string, Series>() };
    families.set(name, family);
    return family;
  };
  for (const line of text.split('\n')) {
    const about = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (about !== null) familyOf(about[2]!)[about[1] === 'HELP' ? 'help' : 'type'] = about[3]!;
    if (line === '' || line.startsWith('#')) continue;
    const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s.exec(line);
    if (sample === null) throw new Error(`not a line of the exposition format: ${line}`);
    const { series } = familyOf(sample[1]!);
    const labels = labelsOf(sample[2] ?? '');
    const key = JSON.stringify(labels);
    if (series.has(key)) throw new Error(`twice: ${line}`);
    series.set(key, { labels, value: Number(sample[3]!.replace('Inf', 'Infinity')) });
  }
  return families;
}

export function values(family: Family | undefined): number[] {
  return [...(family?.series.values() ?? [])].map(({ value }) => value);
}

export function labelValues(family: Family | undefined, label: string): (string | undefined)[] {
  return [...(family?.series.values() ?? [])].map(({ labels }) => labels[label]);
}

export function labelNames({ series }: Family): Set<string> {
  return new Set([...series.values()].flatMap(({ labels }) => Object.keys(labels)));
}

/** Without labels that are empty, because for Prometheus such a label is one that is not there. */
function labelsOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)/gs)];
  if (pairs.map(([pair]) => pair).join('') !== text) throw new Error(`not labels: ${text}`);
  const labels = pairs.map(([, name, value]): [string, string] => [name!, unescaped(value!)]);
  return Object.fromEntries(labels.filter(([, value]) => value !== '').toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function unescaped(value: string): string {
  return value.replaceAll(/\\(.)/gs, (_, character: string) => (character === 'n' ? '\n' : character));
}
