import type { Alert } from './alert.ts';
import { requireSuccess } from './answer-failure.ts';
import { httpPost } from './http-post.ts';
import type { Notifier } from './notifier.ts';
import { webhookBody } from './webhook-body.ts';

export interface WebhookTarget {
  name: string;
  url: URL;
  /** By their names in lower case. */
  headers: Readonly<Record<string, string>>;
  userAgent: string;
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * Tells somebody by a POST of JSON, see webhook-body.ts. Any 2xx is a delivery. `Idempotency-Key` is the id of the
 * alert, the same at every try, so that the other side can drop a second copy.
 */
export function webhookNotifier({ name, url, headers, userAgent, env }: WebhookTarget): Notifier {
  return {
    name,
    kind: 'webhook',
    async deliver(alert: Alert, { signal, deadlineSeconds }) {
      const answer = await httpPost({
        url,
        headers: {
          'user-agent': userAgent,
          accept: '*/*',
          'content-type': 'application/json; charset=utf-8',
          ...headers,
          'idempotency-key': alert.id,
        },
        body: JSON.stringify(webhookBody(alert)),
        env,
        signal,
        deadlineSeconds,
      });
      requireSuccess(answer, url.host);
    },
  };
}
