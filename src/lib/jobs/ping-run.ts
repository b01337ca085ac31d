import type { PingState } from '../notify/ping-healthchecks.ts';
import type { JobHost } from './job-host.ts';
import type { Job } from './job.ts';

/** What every Healthchecks among the notifiers of a job is told of one run. */
export interface RunPings {
  /**
   * Tells how it ended. A ping says how it is now, so one that is not taken is told to `host.warn` and not sent later.
   * Answers whether there was one that had to be told, and all of them took it. Never rejects.
   */
  end(
    ping: { state: PingState; body: string },
    limits: { signal: AbortSignal; deadlineSeconds: number },
  ): Promise<boolean>;
}

interface Ping {
  state: PingState;
  runId: string;
  body?: string;
  signal: AbortSignal;
}

/** Tells that it starts, which the job does not wait for. Undefined when none of the job's notifiers is a Healthchecks. */
export function openPings(job: Job, host: JobHost, runId: string): RunPings | undefined {
  if (!job.notify.some((name) => host.notifiers[name]?.type === 'healthchecks')) return undefined;
  const giveUp = new AbortController();
  const started = pingAll(job, host, { state: 'start', runId, signal: giveUp.signal });
  return {
    async end({ state, body }, { signal, deadlineSeconds }) {
      // A start that arrives after the end would stand for a run that never ends.
      const timer = setTimeout(() => giveUp.abort(new Error('no answer')), (deadlineSeconds / 4) * 1000);
      const atStart = await started;
      clearTimeout(timer);
      const pinged = await pingAll(job, host, { state, runId, body, signal });
      for (const { name, problem } of pinged) if (problem !== undefined) host.warn(`${name}: ${problem}`);
      // Of two that did not arrive the second is enough.
      const isTold = new Set(pinged.filter(({ problem }) => problem !== undefined).map(({ name }) => name));
      for (const { name, problem } of atStart) {
        if (problem !== undefined && !isTold.has(name)) host.warn(`${name}, at the start of the run: ${problem}`);
      }
      return pinged.length > 0 && isTold.size === 0;
    },
  };
}

interface Pinged {
  name: string;
  /** Why it was not taken. */
  problem: string | undefined;
}

/** Those that want this state. */
async function pingAll(job: Job, host: JobHost, ping: Ping): Promise<readonly Pinged[]> {
  return Promise.all(
    job.notify.flatMap((name) => {
      const settings = host.notifiers[name];
      if (settings?.type !== 'healthchecks' || !settings.states.includes(ping.state)) return [];
      return pingOne(name, settings.url, host, ping).then((problem) => ({ name, problem }));
    }),
  );
}

async function pingOne(
  name: string,
  source: Parameters<typeof import('../notify/secret-url.ts').secretUrl>[0],
  host: JobHost,
  { state, ...ping }: Ping,
): Promise<string | undefined> {
  try {
    const { secretUrl } = await import('../notify/secret-url.ts');
    const { pingHealthchecks } = await import('../notify/ping-healthchecks.ts');
    const url = secretUrl(source, name, host);
    const result = await pingHealthchecks(url, state, { ...ping, env: host.env, userAgent: 'devops' });
    return result.taken ? undefined : result.failure.message;
  } catch (error) {
    return (error as Error).message;
  }
}
