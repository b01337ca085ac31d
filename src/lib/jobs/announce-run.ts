import { UserError } from '../errors/user-error.ts';
import { systemErrorName } from '../files/system-failure.ts';
import type { Alert } from '../notify/alert.ts';
import { readJobState, writeJobState } from './job-state-file.ts';
import { newJobState, type JobState } from './job-state.ts';
import { completeAlert } from './complete-alert.ts';
import { type DeliveryLimits, openDeliveryLimits } from './delivery-limits.ts';
import type { JobFolder } from './job-folder.ts';
import type { JobHost } from './job-host.ts';
import type { JobRun } from './job-run.ts';
import type { Job } from './job.ts';
import type { JudgedRun } from './judge-run.ts';
import { lockJobState } from './lock-job-state.ts';
import type { RunPings } from './ping-run.ts';
import { decide } from './transitions.ts';

export interface RunToAnnounce {
  job: Job;
  host: JobHost;
  /** Undefined where nothing can be kept: then every run is the first one. */
  folder: JobFolder | undefined;
  run: JobRun;
  judged: JudgedRun;
  /** Its output with secrets masked; undefined when nobody wants it. */
  readOutput: (() => Promise<string>) | undefined;
  /** Undefined when none of the notifiers wants them. */
  pings: RunPings | undefined;
}

export interface Announced {
  /** Alerts that somebody is told. */
  alerts: number;
  /** Findings that the policy keeps back. */
  suppressed: number;
  /**
   * Sends what is in the spool, within a deadline. Answers whether there is nothing left that standard error would have
   * to tell: every alert was taken, or the policy keeps all back.
   */
  deliver(): Promise<boolean>;
}

/** What a message has of the output. */
const mostOutput = 256 * 1024;

/** Decides whom to tell what, and puts it into the spool: from then on no kill and no power cut loses it. */
export async function announceRun(announcement: RunToAnnounce): Promise<Announced> {
  const { job, host, folder, run, judged } = announcement;
  const told = job.notify.filter((name) => host.notifiers[name]?.type !== 'healthchecks');
  if (told.length === 0) return { alerts: 0, suppressed: 0, deliver: () => deliverAll(announcement) };
  const release = folder === undefined ? () => undefined : await lockJobState(folder.path, job.name, host);
  try {
    const before = readState(announcement);
    const now = host.now() / 1000;
    const {
      alerts: drafts,
      suppressed,
      state,
    } = decide(before ?? newJobState(job.name, now), judged, job.notifyOn, now);
    const output = drafts.length === 0 ? undefined : await announcement.readOutput?.();
    const about = { job: job.name, host: host.hostname, ...alertRunOf(run, output) };
    const alerts = await Promise.all(drafts.map((draft) => completeAlert(draft, about)));
    const deliver =
      alerts.length === 0 ? undefined : (await import('../notify/keep-alerts.ts')).keepAlerts(alerts, told, host);
    // After the alerts are safe: a kill in between tells twice, and loses nothing.
    if (before !== undefined) writeState(announcement, state);
    return {
      alerts: alerts.length,
      suppressed,
      deliver: () => deliverAll(announcement, deliver ?? (() => Promise.resolve(true))),
    };
  } finally {
    release();
  }
}

/** Without `deliver` all is told by pings. */
async function deliverAll(
  announcement: RunToAnnounce,
  deliver?: (limits: DeliveryLimits) => Promise<boolean>,
): Promise<boolean> {
  const { job, host, run, pings } = announcement;
  // A run that did not come about says nothing to those who watch the runs.
  const isPinged = run.state !== 'busy' && pings !== undefined;
  if (!isPinged && deliver === undefined) return job.notify.length > 0;
  const limits = openDeliveryLimits(host, run.state === 'interrupted');
  try {
    const pinged = isPinged ? pingEnd(announcement, pings, limits) : undefined;
    const taken = await deliver?.(limits);
    const isPingTaken = await pinged;
    return taken ?? isPingTaken ?? false;
  } finally {
    limits.close();
  }
}

async function pingEnd(
  { job, host, run, judged, readOutput }: RunToAnnounce,
  pings: RunPings,
  limits: DeliveryLimits,
): Promise<boolean> {
  const isGood = judged.state === 'ok' || judged.state === 'skipped' || judged.state === 'warning';
  const body = [`${job.name} on ${host.hostname}: ${run.ended}`, (await readOutput?.()) ?? ''].join('\n\n');
  return pings.end({ state: isGood ? 'success' : 'fail', body }, limits);
}

function alertRunOf(run: JobRun, output: string | undefined): Pick<Alert, 'run'> {
  if (run.state === 'busy') return {};
  const { runId, startedAt, endedAt, exitCode, ended, attempts, logFile, outputBytes } = run;
  return {
    run: {
      id: runId,
      startedAt,
      endedAt,
      exitCode,
      ended,
      attempts,
      ...(logFile === undefined ? {} : { logFile }),
      ...(output === undefined || output === '' ? {} : { output: output.slice(-mostOutput) }),
      ...(outputBytes === undefined ? {} : { outputBytes }),
    },
  };
}

/** Undefined for a state that must not be touched: then every run is told as if it were the first. */
function readState({ job, host, folder }: RunToAnnounce): JobState | undefined {
  const now = host.now() / 1000;
  if (folder === undefined) return newJobState(job.name, now);
  try {
    const { state, warning } = readJobState(folder.path, { job: job.name, now });
    if (warning !== undefined) host.warn(warning);
    return state;
  } catch (error) {
    warnOf(error, host);
    return undefined;
  }
}

function writeState({ host, folder }: RunToAnnounce, state: JobState): void {
  if (folder === undefined) return;
  try {
    writeJobState(folder.path, state);
  } catch (error) {
    warnOf(error, host);
  }
}

function warnOf(error: unknown, host: JobHost): void {
  if (!(error instanceof UserError) && systemErrorName(error) === undefined) throw error;
  host.warn((error as Error).message);
}
