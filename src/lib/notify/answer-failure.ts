import type { HttpAnswer } from './http-post.ts';
import { DeliveryFailure } from './notifier.ts';

/** Of RFC 9110, RFC 6585 and RFC 8470: the same request may well be taken later. */
const temporary: ReadonlySet<number> = new Set([408, 425, 429]);

/** Throws a DeliveryFailure unless the status is one of success: permanent for 4xx but those that ask to come again. */
export function requireSuccess(answer: HttpAnswer, host: string): void {
  const { status } = answer;
  if (status >= 200 && status < 300) return;
  throw answerFailure(answer, `${host} answers ${status}${wordsOf(answer, host)}`);
}

/** `message` as a failure that is as lasting as the status of the answer says. */
export function answerFailure({ status, retryAfterSeconds }: HttpAnswer, message: string): DeliveryFailure {
  return new DeliveryFailure(message, {
    permanent: status >= 400 && status < 500 && !temporary.has(status),
    retryAfterSeconds,
  });
}

/** The answer's own text is not shown: some servers repeat the path in it, which is the secret. */
function wordsOf({ status, redirectHost, retryAfterSeconds }: HttpAnswer, host: string): string {
  if (status >= 300 && status < 400) {
    const target = redirectHost === undefined || redirectHost === host ? 'another URL' : redirectHost;
    return `, a redirect to ${target}, which is not followed: configure the final URL`;
  }
  if (status === 429) {
    return retryAfterSeconds === undefined
      ? ' (too many requests)'
      : ` (too many requests, asks for ${retryAfterSeconds}s)`;
  }
  if (status === 401 || status === 403) return ' (not permitted: is the secret right?)';
  if (status === 404 || status === 410) return ' (there is no such address any more: is the URL right?)';
  return '';
}
