/** One sample of the text exposition format 0.0.4, as Prometheus reads it back. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const label = /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/;

/** Throws for a line that is neither a comment nor a sample. */
export function parseExposition(text: string): Sample[] {
  if (text !== '' && !text.endsWith('\n')) throw new Error('no line feed at the end');
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/s.exec(line);
      if (match === null) throw new Error(`no sample: ${line}`);
      const value = match[3] === '+Inf' ? Infinity : match[3] === '-Inf' ? -Infinity : Number(match[3]);
      return { name: match[1]!, labels: parseLabels(match[2] ?? ''), value };
    });
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== '';) {
    const match = label.exec(rest);
    if (match === null) throw new Error(`no label: ${rest}`);
    labels[match[1]!] = match[2]!.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
    rest = rest.slice(match[0].length);
  }
  return labels;
}
