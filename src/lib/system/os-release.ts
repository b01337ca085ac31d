import type { Probe } from './probe.ts';
import { readNoted } from './read-noted.ts';

/** Variables of os-release(5); empty on a machine without that file. */
export function readOsRelease(probe: Probe): Map<string, string> {
  return parseOsRelease(
    readNoted(probe, 'os', '/etc/os-release') ?? readNoted(probe, 'os', '/usr/lib/os-release') ?? '',
  );
}

/** `NAME=value` as a shell would read it: single or double quotes around the whole value, backslash escapes in double ones. */
export function parseOsRelease(text: string): Map<string, string> {
  const variables = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\s*([A-Z_][A-Z0-9_]*)=(.*?)\s*$/.exec(line);
    if (match !== null) variables.set(match[1]!, unquote(match[2]!));
  }
  return variables;
}

function unquote(value: string): string {
  const quote = value[0];
  if (value.length >= 2 && quote === "'" && value.endsWith(quote)) return value.slice(1, -1);
  const bare = value.length >= 2 && quote === '"' && value.endsWith(quote) ? value.slice(1, -1) : value;
  return bare.replace(/\\(["$`\\])/g, '$1');
}
