import { UserError } from '../errors/user-error.ts';
import { alertsStatus, alertsVerdict } from '../jobs/alerts-status.ts';
import type { Account } from '../state/directories.ts';
import type { Finding } from './check.ts';

/** Whether alerts of jobs wait for longer than they should: then nobody hears of what fails. */
export function checkAlerts(account: Account, now: number): Finding {
  const subject = 'alerts';
  try {
    const { status, message, hint } = alertsVerdict(alertsStatus(account, now));
    const advice = hint === undefined ? {} : { hint };
    if (status === 'ok') return { subject, state: 'ok', required: false, detail: message };
    return { subject, state: 'failed', required: status !== 'warning', detail: message, ...advice };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // That the state folder cannot be had is told by its own check.
    return { subject, state: 'failed', required: false, detail: error.message };
  }
}
