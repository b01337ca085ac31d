import type { BenchRequest, BenchResult } from './harness.ts';
import { logSizes, type LogSize } from './logs-grep/data/log-files.ts';
import { compressedPart } from './logs-grep/parts/compressed.ts';
import { printPart, scanPart } from './logs-grep/parts/full-scan.ts';
import { idlePart } from './logs-grep/parts/idle-cursor.ts';
import { jsonPart } from './logs-grep/parts/json-filter.ts';
import { enginePart } from './logs-grep/parts/own-engine.ts';
import { rulesPart } from './logs-grep/parts/rules.ts';
import { windowPart } from './logs-grep/parts/window.ts';
import { openRig, type Rig } from './logs-grep/rig.ts';
import { describeMachine } from './machine.ts';
import { markdownSections, textSections, type Section } from './ssl-expiry/sections.ts';
import { wholeNumber } from './whole-number.ts';

type Part = (rig: Rig, request: BenchRequest, runs: number) => Promise<Section[]>;

const parts: Readonly<Record<string, Part>> = {
  window: windowPart,
  compressed: compressedPart,
  scan: scanPart,
  print: printPart,
  rules: rulesPart,
  json: jsonPart,
  idle: idlePart,
  engine: enginePart,
};

/**
 * `--part window,rules` for some of the sections only, `--size small` for logs of a sixteenth, `--data DIR` for where they
 * are made, `--keep` to find them there again. 5 rounds unless `--runs` says more.
 */
export async function run(request: BenchRequest): Promise<BenchResult> {
  const { values } = request;
  const runs = wholeNumber('--runs', values['runs'], 5);
  const size = sizeOf(values['size']);
  const wanted = wantedParts(values['part']);
  const data = typeof values['data'] === 'string' ? values['data'] : undefined;
  const machine = describeMachine();
  const keep = values['keep'] === true;
  const largeBytes = logSizes[size]['app-large.log'];
  const rig = openRig(request, size, { data, keep, bytes: bytesOf(size), largeBytes, size });
  try {
    const sections: Section[] = [];
    for (const part of wanted) sections.push(...(await part(rig, request, runs)));
    const introduction = { request, machine, facts: [...facts(runs, size), ...rig.storage.facts] };
    return {
      text: (request.markdown ? markdownSections : textSections)(introduction, sections),
      failed: sections.some((section) => section.failed),
    };
  } finally {
    rig.storage.remove();
  }
}

function facts(runs: number, size: LogSize): string[] {
  const sizes = Object.entries(logSizes[size]).map(([name, bytes]) => `${name} ${bytes / 2 ** 20} MiB`);
  return [
    `medians of ${runs} interleaved rounds after a warm-up round; CPU is user + system time with all children`,
    'ratios are to the devops command above; outputs are compared in every run, one that differs is a failure',
    'a bar >= is how many times more the peer takes, a bar "costs <=" how many times more devops takes',
    `data, from fixed seeds, one day each with 20 needles: ${sizes.join(', ')} (the large one is app.log with more lines a minute)`,
    'rg is the one of @vscode/ripgrep, with --no-config -a --no-unicode; TZ=UTC and LC_ALL=C for every command',
  ];
}

/** All but the large log and the sparse files, and the two compressed ones. */
function bytesOf(size: LogSize): number {
  const sizes = logSizes[size];
  return sizes['app.log'] * 1.4 + sizes['access.log'] + sizes['json.log'];
}

function sizeOf(value: unknown): LogSize {
  if (value === undefined) return 'full';
  if (value === 'full' || value === 'small') return value;
  throw new Error(`--size wants full or small, not ${JSON.stringify(value)}`);
}

function wantedParts(value: unknown): Part[] {
  if (typeof value !== 'string') return Object.values(parts);
  return value.split(',').map((name) => {
    const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
    if (part === undefined)
      throw new Error(`--part wants some of ${Object.keys(parts).join(', ')}, not ${JSON.stringify(name)}`);
    return part;
  });
}
