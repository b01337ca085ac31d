import { existsSync } from 'node:fs';
import { stateDirectory } from '../state/directories.ts';
import { ensurePrivateDirectory } from '../state/private-directory.ts';
import { type AlertKeeper, keepAlerts } from '../notify/keep-alerts.ts';
import { completeAlert } from './complete-alert.ts';
import { jobFolderPath } from './job-folder.ts';
import { readJobState, writeJobState } from './job-state-file.ts';
import type { Job } from './job.ts';
import { lockJobState } from './lock-job-state.ts';
import { decideMissed, dueCollected } from './transitions.ts';

const deliverySeconds = 20;

/**
 * Tells the notifiers of a job what it cannot tell itself, because it does not run: that its last good run is too old,
 * and findings that were kept back for as long as they may be. Throws UserError.
 */
export async function tellWhatWaits(job: Job, keeper: AlertKeeper): Promise<void> {
  const to = job.notify.filter((name) => keeper.notifiers[name]?.type !== 'healthchecks');
  const path = jobFolderPath(stateDirectory(keeper), job.name);
  // A job that never ran is missed from the first look on.
  if (to.length === 0 || (job.expect.maxAgeSeconds === undefined && !existsSync(path))) return;
  ensurePrivateDirectory(path, keeper.uid);
  const now = keeper.now() / 1000;
  const release = await lockJobState(path, job.name, keeper);
  let deliver: ReturnType<typeof keepAlerts> | undefined;
  try {
    const { state } = readJobState(path, { job: job.name, now });
    const missed = decideMissed(state, job.expect, job.notifyOn, now);
    const due = dueCollected(missed.state, job.notifyOn, now);
    const about = { job: job.name, host: keeper.hostname };
    const alerts = await Promise.all([...missed.alerts, ...due.alerts].map((draft) => completeAlert(draft, about)));
    if (alerts.length > 0) deliver = keepAlerts(alerts, to, keeper);
    writeJobState(path, due.state);
  } finally {
    release();
  }
  await deliver?.({ deadlineSeconds: deliverySeconds, signal: AbortSignal.timeout((deliverySeconds + 1) * 1000) });
}
