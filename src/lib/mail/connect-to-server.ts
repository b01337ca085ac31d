import { isIP, type Socket } from 'node:net';
import type { Address } from '../net/address.ts';
import { NameFailure } from '../net/name-failure.ts';
import { openConnection } from '../net/open-connection.ts';
import { createResolver } from '../net/resolver.ts';
import { DeliveryFailure } from '../notify/notifier.ts';
import type { SmtpSettings } from '../notify/settings.ts';
import { formatDuration } from '../quantity/duration.ts';

const nameSeconds = 5;
const connectSeconds = 10;

/**
 * A connection to the mail server. Rejects with a DeliveryFailure, or with the signal's reason. Not left to nodemailer,
 * whose look-up passes the hosts file over and cannot be called off.
 */
export async function connectToServer(
  { host, port }: SmtpSettings<string>,
  name: string,
  limits: { env: Readonly<Record<string, string | undefined>>; signal: AbortSignal; deadlineSeconds: number },
): Promise<Socket> {
  const { env, signal, deadlineSeconds } = limits;
  const late = new AbortController();
  const abort = () => late.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  let timer: NodeJS.Timeout | undefined;
  try {
    signal.throwIfAborted();
    const addresses = await addressesOf(host, {
      env,
      signal,
      timeoutSeconds: Math.min(nameSeconds, deadlineSeconds),
    });
    timer = setTimeout(() => {
      const message = `${name} did not answer within ${formatDuration(connectSeconds)}`;
      late.abort(new DeliveryFailure(message, { permanent: false }));
    }, connectSeconds * 1000);
    return await openConnection(addresses, port, late.signal);
  } catch (error) {
    late.signal.throwIfAborted();
    if (error instanceof NameFailure) throw new DeliveryFailure(error.message, { permanent: false, cause: error });
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new DeliveryFailure(`cannot connect to ${name}: ${reasons.get(code) ?? (code || String(error))}`, {
      permanent: false,
      cause: error,
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there (connection refused)'],
  ['EHOSTUNREACH', 'the host cannot be reached'],
  ['ENETUNREACH', 'its network cannot be reached'],
  ['ETIMEDOUT', 'it does not answer'],
  ['ECONNRESET', 'it hung up'],
]);

async function addressesOf(
  host: string,
  options: { env: Readonly<Record<string, string | undefined>>; signal: AbortSignal; timeoutSeconds: number },
): Promise<readonly Address[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family: family === 6 ? 6 : 4 }];
  return createResolver({ family: 0, ...options })(host);
}
