import type { CommandReference } from './command-reference.ts';

/** What each format of --output is for. */
const meanings: Readonly<Record<string, string>> = {
  text: 'for people; a table becomes tab-separated lines without a header when standard output is no terminal',
  json: 'one JSON object, or one array of objects',
  jsonl: 'one JSON object a line, as the records come',
  yaml: 'the same as YAML',
  csv: 'comma-separated values with a header line (RFC 4180)',
  junit: 'JUnit XML: one test case for each verdict',
  github: 'annotations of GitHub Actions, on standard error',
  markdown: 'GitHub-flavoured Markdown: a table of the verdicts, the worst first, below 1 MiB',
  nagios: 'one status line with performance data, and the exit codes of a monitoring plugin',
  prometheus: 'the Prometheus text exposition format',
};

/** Format and meaning of those that this command serves. */
export function formatMeanings({ name, formats, ownFormats, shape, isTable }: CommandReference): [string, string][] {
  const exact: Readonly<Record<string, string>> = {
    text: isTable ? 'a table; tab-separated lines without a header when standard output is no terminal' : 'for people',
    json: shape === 'one' ? 'one JSON object' : 'one array, an object a line',
    ...Object.fromEntries(ownFormats.map((format) => [format, `a format of devops ${name} alone`])),
  };
  return formats.map((format) => {
    const meaning = exact[format] ?? meanings[format];
    if (meaning === undefined) throw new Error(`format-meanings.ts says nothing about the format ${format}`);
    return [format, meaning];
  });
}

/** All formats that a command may serve. */
export const allFormatMeanings: readonly (readonly [string, string])[] = Object.entries(meanings);
