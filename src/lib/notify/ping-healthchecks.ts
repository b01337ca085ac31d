import { pause } from '../time/pause.ts';
import { answerFailure, requireSuccess } from './answer-failure.ts';
import { type HttpAnswer, httpPost } from './http-post.ts';
import { DeliveryFailure } from './notifier.ts';

export type PingState = 'start' | 'success' | 'fail' | 'log';

export interface PingOptions {
  /** A UUID; `start` and the end of one run have the same, or their times are mixed up (`rid`). */
  runId?: string | undefined;
  /** Of what is longer than 100 kB the end is sent. */
  body?: string | undefined;
  signal: AbortSignal;
  env: Readonly<Record<string, string | undefined>>;
  userAgent: string;
  /** Default 2. */
  tries?: number;
  /** For each try, default 10. */
  deadlineSeconds?: number;
}

/** Whether a ping was taken; if not, why: one line without the URL. */
export type PingResult = { taken: true } | { taken: false; failure: DeliveryFailure };

/** What healthchecks.io keeps of a body. */
const mostBodyBytes = 100_000;
const betweenTriesSeconds = 1;

/**
 * Tells healthchecks.io, or one's own Healthchecks, about a run (https://healthchecks.io/docs/http_api/). A check that
 * cannot be reached is no reason to fail: it is tried again once and then told in the result. Rejects only with the
 * signal's reason.
 */
export async function pingHealthchecks(url: URL, state: PingState, options: PingOptions): Promise<PingResult> {
  const { signal, tries = 2 } = options;
  for (let left = tries; ;) {
    try {
      await ping(url, state, options);
      return { taken: true };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DeliveryFailure)) throw error;
      if (error.permanent || --left <= 0) return { taken: false, failure: error };
      await pause(betweenTriesSeconds, signal);
    }
  }
}

async function ping(url: URL, state: PingState, options: PingOptions): Promise<void> {
  const { runId, body = '', signal, env, userAgent, deadlineSeconds = 10 } = options;
  const answer = await httpPost({
    url: pingUrl(url, state, runId),
    headers: { 'user-agent': userAgent, 'content-type': 'text/plain; charset=utf-8' },
    body: endOf(body),
    env,
    signal,
    deadlineSeconds,
  });
  requireSuccess(answer, url.host);
  requireTaken(answer, url.host);
}

/** The page of a check with the state behind it; what else it has in its query, such as `create=1`, stays. */
export function pingUrl(url: URL, state: PingState, runId?: string): URL {
  const target = new URL(url);
  target.pathname = target.pathname.replace(/\/+$/, '') + (state === 'success' ? '' : `/${state}`);
  if (runId !== undefined) target.searchParams.set('rid', runId);
  return target;
}

function endOf(body: string): Buffer {
  const bytes = Buffer.from(body);
  if (bytes.length <= mostBodyBytes) return bytes;
  let start = bytes.length - mostBodyBytes;
  // Not in the middle of a character.
  while ((bytes[start]! & 0xc0) === 0x80) start++;
  return bytes.subarray(start);
}

/** For a check that does not exist, and for one that was asked too often, it answers 200 as well. */
function requireTaken(answer: HttpAnswer, host: string): void {
  if (/\(not found\)/i.test(answer.body)) {
    throw answerFailure({ ...answer, status: 404 }, `${host} knows no such check: is the URL right?`);
  }
  if (/\(rate limited\)/i.test(answer.body)) {
    throw answerFailure({ ...answer, status: 429 }, `${host} takes no more pings for now (rate limited)`);
  }
}
