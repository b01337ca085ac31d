import type { ConnectionOptions } from 'node:tls';
import { systemFailure } from '../files/system-failure.ts';
import { DeliveryFailure } from '../notify/notifier.ts';
import type { SmtpSettings } from '../notify/settings.ts';

/**
 * Whom we believe to be the server: what the programs of this system trust, and the authorities of `smtp.ca`. Optional
 * STARTTLS believes everybody unless a `ca` was named: whoever sits in between could as well leave the offer out (RFC
 * 7435), and mail to the server of this machine, whose certificate nobody signed, is to arrive. Rejects with
 * DeliveryFailure.
 */
export async function tlsOptions(
  smtp: SmtpSettings<string>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ConnectionOptions> {
  const isStarttls = !smtp.tls;
  if (isStarttls && smtp.starttls === 'never') return {};
  if (isStarttls && smtp.starttls === 'optional' && smtp.ca === undefined) return { rejectUnauthorized: false };
  try {
    const { loadTrustStore } = await import('../tls/trust/load-trust-store.ts');
    const ca = [(await loadTrustStore({ env })).pem];
    if (smtp.ca !== undefined) ca.push(await authoritiesIn(smtp.ca));
    return { ca, rejectUnauthorized: true };
  } catch (error) {
    // May be mended while the mail waits.
    throw new DeliveryFailure(error instanceof Error ? error.message : String(error), {
      permanent: false,
      cause: error,
    });
  }
}

async function authoritiesIn(path: string): Promise<string> {
  const { readFileSync, statSync } = await import('node:fs');
  let pem: string;
  try {
    if (statSync(path).size > 16 * 1024 * 1024) throw new Error('it is far too large');
    pem = readFileSync(path, 'latin1');
  } catch (error) {
    throw systemFailure(`cannot read the authorities of the mail server from '${path}'`, error);
  }
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw new Error(`there is no PEM certificate in '${path}'`);
}
