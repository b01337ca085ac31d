import type { BenchRequest, BenchResult } from './harness.ts';
import { describeMachine } from './machine.ts';
import { concurrentPeers } from './ssl-expiry/clients.ts';
import { cpuPerEndpoint } from './ssl-expiry/cpu-per-endpoint.ts';
import { deadEndpoints } from './ssl-expiry/dead-endpoints.ts';
import { lateNames } from './ssl-expiry/late-names.ts';
import { manyTargets } from './ssl-expiry/many-targets.ts';
import { startRig } from './ssl-expiry/rig.ts';
import { markdownSections, textSections, type Section } from './ssl-expiry/sections.ts';
import { wholeNumber } from './whole-number.ts';

const parts = ['cpu', 'dead', 'dns', 'many'] as const;
type Part = (typeof parts)[number];

/** Each server has this many ports, so that there are five times as many targets as certificates. */
const portsForMany = 5;

/**
 * `--endpoints N` servers, `--sample N` of them for clients that start a process for each, `--part cpu,dead,dns,many`
 * for some of the sections only.
 */
export async function run(request: BenchRequest): Promise<BenchResult> {
  const endpoints = wholeNumber('--endpoints', request.values['endpoints'], 2000);
  const sample = wholeNumber('--sample', request.values['sample'], 200);
  const wanted = wantedParts(request.values['part']);
  const machine = describeMachine();
  const rig = await startRig(endpoints, wanted.has('many') ? portsForMany : 1);
  try {
    const peers = concurrentPeers(rig);
    const sections: Section[] = [];
    if (wanted.has('cpu')) sections.push(await cpuPerEndpoint(request, rig, peers, { endpoints, sample }));
    if (wanted.has('dead')) sections.push(await deadEndpoints(request, rig, peers));
    if (wanted.has('dns')) sections.push(await lateNames(request, rig, peers));
    if (wanted.has('many')) sections.push(await manyTargets(request, rig, endpoints));
    const introduction = { request, machine, facts: [`one nginx process; ${rig.cores.note}`] };
    return {
      text: (request.markdown ? markdownSections : textSections)(introduction, sections),
      failed: sections.some((section) => section.failed),
    };
  } finally {
    await rig.stop();
  }
}

function wantedParts(value: unknown): Set<Part> {
  if (value === undefined) return new Set(parts);
  const asked = typeof value === 'string' ? value.split(',') : [];
  const wrong = asked.find((name) => !parts.some((part) => part === name));
  if (wrong !== undefined) throw new Error(`--part wants some of ${parts.join(', ')}, not ${JSON.stringify(wrong)}`);
  return new Set(parts.filter((part) => asked.includes(part)));
}
