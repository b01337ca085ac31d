import { UserError } from '../errors/user-error.ts';
import { systemErrorName } from '../files/system-failure.ts';
import type { Alert } from '../notify/alert.ts';
import { readJobState, writeJobState } from './job-state-file.ts';
import { newJobState, type JobState } from './job-state.ts';
import type { AlertDraft } from './compose-alert.ts';
import type { JobFolder } from './job-folder.ts';
import type { JobHost } from './job-host.ts';
import type { JobRun } from './job-run.ts';
import type { Job } from './job.ts';
import type { JudgedRun } from './judge-run.ts';
import { lockJobState } from './lock-job-state.ts';
import { newRunId } from './run-id.ts';
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
/** How long a run waits for those who are told, and one that was interrupted: the machine may be going down. */
const deliverySeconds = 20;
const hurriedSeconds = 5;

/** Decides whom to tell what, and puts it into the spool: from then on no kill and no power cut loses it. */
export async function announceRun(announcement: RunToAnnounce): Promise<Announced> {
  const { job, host, folder, run, judged } = announcement;
  const told = job.notify.filter((name) => host.notifiers[name]?.type !== 'healthchecks');
  const pings = pingEnd(announcement);
  if (told.length === 0) return { alerts: 0, suppressed: 0, deliver: () => pings };
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
    const alerts = drafts.map((draft) => alertOf(draft, announcement, output));
    const deliver =
      alerts.length === 0 ? undefined : (await import('../notify/keep-alerts.ts')).keepAlerts(alerts, told, host);
    // After the alerts are safe: a kill in between tells twice, and loses nothing.
    if (before !== undefined) writeState(announcement, state);
    return {
      alerts: alerts.length,
      suppressed,
      async deliver() {
        await pings;
        return deliver === undefined || (await deliver(run.state === 'interrupted' ? hurriedSeconds : deliverySeconds));
      },
    };
  } finally {
    release();
  }
}

function alertOf(draft: AlertDraft, { job, host, run }: RunToAnnounce, output: string | undefined): Alert {
  const alert = { ...draft, id: newRunId(), job: job.name, host: host.hostname };
  if (run.state === 'busy') return alert;
  const { runId, startedAt, endedAt, exitCode, ended, attempts, logFile, outputBytes } = run;
  return {
    ...alert,
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

/** Tells every Healthchecks of the job how it ended; true when none missed a bad end. */
async function pingEnd({ job, host, run, judged, readOutput }: RunToAnnounce): Promise<boolean> {
  if (run.state === 'busy' || !job.notify.some((name) => host.notifiers[name]?.type === 'healthchecks')) {
    return job.notify.length > 0;
  }
  const { pingRun } = await import('./ping-run.ts');
  const isGood = judged.state === 'ok' || judged.state === 'skipped' || judged.state === 'warning';
  const body = [`${job.name} on ${host.hostname}: ${run.ended}`, (await readOutput?.()) ?? ''].join('\n\n');
  return pingRun(job, host, { state: isGood ? 'success' : 'fail', runId: run.runId, body });
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
