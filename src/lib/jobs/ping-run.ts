import type { PingState } from '../notify/ping-healthchecks.ts';
import type { JobHost } from './job-host.ts';
import type { Job } from './job.ts';

/** For both tries of one ping together. */
const deadlineSeconds = 20;

/**
 * Tells every Healthchecks among the job's notifiers of a run. A ping says how it is now, so one that is not taken is
 * told to `host.warn` and not sent later. Answers whether all were taken.
 */
export async function pingRun(
  job: Job,
  host: JobHost,
  ping: { state: PingState; runId: string; body?: string },
): Promise<boolean> {
  const { secretUrl } = await import('../notify/secret-url.ts');
  const { pingHealthchecks } = await import('../notify/ping-healthchecks.ts');
  const signal = AbortSignal.timeout(deadlineSeconds * 1000);
  const pingOne = async (name: string): Promise<boolean> => {
    const settings = host.notifiers[name];
    if (settings?.type !== 'healthchecks' || !settings.states.includes(ping.state)) return true;
    try {
      const url = secretUrl(settings.url, name, host);
      const { runId, body } = ping;
      const result = await pingHealthchecks(url, ping.state, {
        runId,
        body,
        signal,
        env: host.env,
        userAgent: 'devops',
      });
      if (result.taken) return true;
      host.warn(`${name}: ${result.failure.message}`);
    } catch (error) {
      host.warn(`${name}: ${(error as Error).message}`);
    }
    return false;
  };
  return (await Promise.all(job.notify.map(pingOne))).every(Boolean);
}
