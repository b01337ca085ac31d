import type { Alert } from './alert.ts';
import type { Notifier } from './notifier.ts';
import { pingHealthchecks, type PingState } from './ping-healthchecks.ts';
import { renderAlertText } from './render-alert-text.ts';

export interface HealthchecksTarget {
  name: string;
  url: URL;
  /** A ping that is none of these is not sent. */
  states: readonly PingState[];
  userAgent: string;
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * Tells Healthchecks of an alert: `fail`, with the alert as its body; `success` for a recovery; a test is a `log`, which
 * changes no state. What is not among `states` counts as delivered: nobody wants it.
 */
export function healthchecksNotifier({ name, url, states, userAgent, env }: HealthchecksTarget): Notifier {
  return {
    name,
    kind: 'healthchecks',
    async deliver(alert: Alert, { signal, deadlineSeconds }) {
      const state = stateOf(alert);
      if (!states.includes(state)) return;
      const body = renderAlertText(alert);
      const runId = alert.run?.id;
      // The spool tries again.
      const result = await pingHealthchecks(url, state, {
        runId,
        body,
        signal,
        env,
        userAgent,
        tries: 1,
        deadlineSeconds,
      });
      if (!result.taken) throw result.failure;
    },
  };
}

function stateOf({ kind }: Alert): PingState {
  if (kind === 'test') return 'log';
  return kind === 'recovered' ? 'success' : 'fail';
}
