/**
 * The output of a plugin as the Monitoring Plugins Development Guidelines give its grammar: one status line, after a bar
 * its performance data, then long text. https://www.monitoring-plugins.org/doc/guidelines.html
 */
export interface PluginOutput {
  service: string;
  status: 'OK' | 'WARNING' | 'CRITICAL' | 'UNKNOWN';
  message: string;
  performance: PerformanceDatum[];
  long: string[];
}

export interface PerformanceDatum {
  label: string;
  value: number | 'U';
  unit: string;
  warning: string;
  critical: string;
  minimum: string;
  maximum: string;
}

const number = String.raw`-?(?:\d+(?:\.\d+)?|\.\d+)`;
const range = String.raw`@?(?:(?:~|${number})?:)?(?:${number})?`;
const datum = new RegExp(
  `^'((?:[^'=]|'')*)'=(U|${number})(s|us|ms|%|B|KB|MB|GB|TB|c)?` +
    `(?:;(${range}))?(?:;(${range}))?(?:;(${number})?)?(?:;(${number})?)?(?: |$)`,
);

/** Throws for anything that the guidelines do not allow, and for more than Nagios reads. */
export function parsePluginOutput(text: string): PluginOutput {
  if (Buffer.byteLength(text) > 8192) throw new Error(`${Buffer.byteLength(text)} bytes: Nagios reads 8192`);
  if (/[\u0000-\u0009\u000B-\u001F\u007F]/.test(text)) throw new Error('a control character');
  if (!text.endsWith('\n')) throw new Error('no line feed at the end');
  const [first, ...long] = text.slice(0, -1).split('\n');
  const [head, data, ...more] = first!.split('|');
  if (more.length > 0 || long.some((line) => line.includes('|'))) throw new Error('a second bar');
  const match = /^([A-Z][A-Z -]*) (OK|WARNING|CRITICAL|UNKNOWN) - (.+?) ?$/.exec(head!);
  if (match === null) throw new Error(`no status line: ${head}`);
  const status = match[2] as PluginOutput['status'];
  return { service: match[1]!, status, message: match[3]!, performance: parsePerformance(data), long };
}

function parsePerformance(data: string | undefined): PerformanceDatum[] {
  const found: PerformanceDatum[] = [];
  for (let rest = data?.trimStart() ?? ''; rest !== '';) {
    const match = datum.exec(rest);
    if (match === null) throw new Error(`no performance data: ${rest}`);
    const [whole, label, value, unit = '', warning = '', critical = '', minimum = '', maximum = ''] = match;
    found.push({
      label: label!.replaceAll("''", "'"),
      value: value === 'U' ? value : Number(value),
      unit,
      warning,
      critical,
      minimum,
      maximum,
    });
    rest = rest.slice(whole.length);
  }
  return found;
}
