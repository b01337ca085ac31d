import { join } from 'node:path';
import { UserError } from '../errors/user-error.ts';
import { replaceFile } from '../files/replace-file.ts';
import { ensurePrivateDirectory } from '../state/private-directory.ts';
import { isRecord, readVersionedFile } from '../state/versioned-file.ts';
import type { RuleResult } from '../system/report.ts';
import { advanceForState } from './for-state.ts';
import type { ForState, Held } from './for-state.ts';
import { identityOf } from './instance.ts';
import type { Rule } from './rule.ts';

const version = 1;

// A thousand instances take some 200 KB; whatever is larger was not written by us.
const largestFile = 8 * 1024 * 1024;

export interface ForStateOptions {
  /** Folder of the state files; made when it is not there. One for every machine that is looked at. */
  folder: string;
  /** Our own user. */
  uid: number;
  now: Date;
}

/**
 * The results of a rule after its `for` is taken into account; nothing is read or written for a rule without one.
 * State that cannot be read or kept is one more result, `unknown`, beside the others: it may hide an alarm, and must not
 * hide the alarms of this run, least of all when the disk is full. A corrupt file is replaced; one that a newer devops
 * wrote, or that cannot be read, is left as it is.
 */
export async function applyFor(
  rule: Rule,
  results: readonly RuleResult[],
  options: ForStateOptions,
): Promise<RuleResult[]> {
  const { forSeconds } = rule;
  const [first] = results;
  if (forSeconds === undefined || first === undefined) return [...results];
  const now = options.now.getTime();
  const problems: string[] = [];
  const path = await forStatePath(options.folder, rule.text);
  const previous = attempt(problems, () => loadForState(path));
  const { next, results: advanced } = advanceForState(previous?.state ?? new Map(), results, { forSeconds, now });
  if (previous?.corrupt !== undefined) problems.push(previous.corrupt);
  // Nothing remembered and nothing to remember, as on every run while all is well, costs no write.
  const isNews = next.size > 0 || (previous?.state.size ?? 0) > 0 || previous?.corrupt !== undefined;
  if (previous !== undefined && isNews) {
    attempt(problems, () => {
      ensurePrivateDirectory(options.folder, options.uid);
      storeForState(path, rule.text, next);
    });
  }
  const { severity, metric } = first;
  const head = {
    rule: rule.text,
    ...(first.name === undefined ? {} : { name: first.name }),
    severity,
    subject: metric,
    metric,
    labels: {},
  };
  return [...advanced, ...problems.map((message): RuleResult => ({ ...head, state: 'unknown', message }))];
}

function attempt<Value>(problems: string[], act: () => Value): Value | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(`'for' cannot be told: ${error.message}`);
    return undefined;
  }
}

/** The state file of a rule: its name is a hash of the text, because the text may hold any character. */
export async function forStatePath(folder: string, ruleText: string): Promise<string> {
  const { createHash } = await import('node:crypto');
  return join(folder, `rule-${createHash('sha256').update(ruleText).digest('hex').slice(0, 32)}.json`);
}

/**
 * What was stored; nothing when there is no file. `corrupt` says what is wrong with a file that cannot be used and may
 * be replaced. Throws UserError when it cannot be read or when a newer devops wrote it.
 */
export function loadForState(path: string): { state: ForState; corrupt?: string } {
  const hint = 'use that devops, or name another state folder';
  const stored = readVersionedFile({ path, version, largest: largestFile, hint });
  if (stored === 'missing') return { state: new Map() };
  const state = stored === 'broken' ? undefined : heldOf(stored['instances']);
  if (state !== undefined) return { state };
  return { state: new Map(), corrupt: `'for' counts again from now: ${path} was corrupt and is replaced` };
}

export function storeForState(path: string, ruleText: string, state: ForState): void {
  const instances = [...state.values()].map(({ labels, since, seen }) => ({
    labels,
    since: new Date(since).toISOString(),
    seen: new Date(seen).toISOString(),
  }));
  replaceFile(path, `${JSON.stringify({ version, rule: ruleText, instances })}\n`, { mode: 0o600 });
}

function heldOf(instances: unknown): ForState | undefined {
  if (!Array.isArray(instances)) return undefined;
  const state = new Map<string, Held>();
  for (const instance of instances) {
    if (!isRecord(instance) || !isRecord(instance['labels'])) return undefined;
    const labels = Object.entries(instance['labels']);
    const [since, seen] = [timeOf(instance['since']), timeOf(instance['seen'])];
    // NaN, too, is not below or equal to anything.
    if (!(since <= seen) || !labels.every(isLabel)) return undefined;
    const held = { labels: Object.fromEntries(labels), since, seen };
    state.set(identityOf(held.labels), held);
  }
  return state;
}

function isLabel(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string';
}

function timeOf(value: unknown): number {
  return typeof value === 'string' ? Date.parse(value) : Number.NaN;
}
