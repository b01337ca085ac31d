import type { Alert } from './alert.ts';
import { answerFailure, requireSuccess } from './answer-failure.ts';
import { type HttpAnswer, httpPost } from './http-post.ts';
import { DeliveryFailure, type Notifier } from './notifier.ts';
import { slackMessage } from './slack-message.ts';

export interface SlackTarget {
  name: string;
  url: URL;
  userAgent: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** Posts to an incoming webhook of Slack, or of what speaks as Slack does: it answers 200 and `ok`. */
export function slackNotifier({ name, url, userAgent, env }: SlackTarget): Notifier {
  return {
    name,
    kind: 'slack',
    async deliver(alert: Alert, { signal, deadlineSeconds }) {
      const answer = await httpPost({
        url,
        headers: { 'user-agent': userAgent, 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(slackMessage(alert)),
        env,
        signal,
        deadlineSeconds,
      });
      requireTaken(answer, url.host);
    },
  };
}

/** Words of Slack for 4xx, which name the reason better than the number does: `no_service`, `channel_is_archived`. */
function requireTaken(answer: HttpAnswer, host: string): void {
  const { status, body, isWhole } = answer;
  const word = body.trim();
  if (status >= 400 && /^[a-z][a-z_]{2,59}$/.test(word)) {
    throw answerFailure(answer, `${host} answers ${status} '${word}'`);
  }
  requireSuccess(answer, host);
  // Cut off on the way it says nothing, and the status says that it was taken.
  if (word === 'ok' || word === '' || !isWhole) return;
  throw new DeliveryFailure(`${host} answers ${status}, but not 'ok': is it an incoming webhook of Slack?`, {
    permanent: false,
  });
}
