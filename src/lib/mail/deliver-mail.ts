import { DeliveryFailure } from '../notify/notifier.ts';
import type { Mail } from './mail.ts';
import type { SendLimits, Transport } from './transport.ts';

export interface MailDelivery {
  /** What the other side said when it took the mail. */
  response: string;
  /** One line about those for whom `keepRest` keeps it; absent when there are none. */
  waiting?: string;
}

/**
 * Sends a mail that waits. It may be taken for some recipients only, and no second try may reach those: `keepRest` is
 * handed the mail for those who may get it later, and keeps it (as an entry of its own). Without it they are the
 * `undelivered` of the DeliveryFailure with which this rejects. Those who never will get it are told by a DeliveryFailure
 * that is permanent.
 */
export async function deliverMail(
  transport: Transport,
  mail: Mail,
  limits: SendLimits,
  keepRest?: (rest: Mail) => void,
): Promise<MailDelivery> {
  const { response, refused } = await transport.send(mail, limits);
  if (refused.length === 0) return { response };
  const later = refused.filter(({ permanent }) => !permanent).map(({ recipient }) => recipient);
  const reasons = refused.slice(0, 5).map(({ recipient, reason }) => `${recipient}: ${reason}`);
  if (refused.length > reasons.length) reasons.push(`and ${refused.length - reasons.length} more`);
  const message = `${transport.name} took the mail, but not for all: ${reasons.join('; ')}`;
  if (keepRest === undefined) {
    throw new DeliveryFailure(message, { permanent: later.length === 0, undelivered: later });
  }
  if (later.length > 0) keepRest({ ...mail, to: later });
  if (later.length < refused.length) throw new DeliveryFailure(message, { permanent: true });
  return { response, waiting: message };
}
