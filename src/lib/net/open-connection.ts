import { connect, type Socket } from 'node:net';
import type { Address } from './address.ts';

/** How long an address may keep the next one waiting: the Connection Attempt Delay of RFC 8305. */
const attemptDelayMilliseconds = 250;

/**
 * A TCP connection to the first of these addresses that answers (Happy Eyeballs, RFC 8305): the next one is tried when
 * one fails or is slow, and the first to connect wins. Not Node's own `autoSelectFamily`, which gives up an address for
 * good after its delay and so never reaches a host that is far away.
 *
 * Rejects with the first error that says something about the host when all have failed, or with the signal's reason.
 * The socket carries one listener that swallows errors, so that a late one is never fatal; it belongs to the caller, who
 * ends it.
 */
export function openConnection(addresses: readonly Address[], port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const open = new Set<Socket>();
    let next = 0;
    let timer: NodeJS.Timeout | undefined;
    let firstError: Error | undefined;
    const finish = (winner?: Socket): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      for (const socket of open) if (socket !== winner) socket.destroy();
    };
    const abort = (): void => {
      finish();
      reject(signal.reason as Error);
    };
    const tryNext = (): void => {
      clearTimeout(timer);
      const address = addresses[next++];
      if (address === undefined) {
        if (open.size > 0) return;
        finish();
        return reject(firstError ?? new Error('there is no address to connect to'));
      }
      const socket = connect({ host: address.address, port, family: address.family, noDelay: true });
      open.add(socket);
      let isSettled = false;
      socket.on('error', (error) => {
        if (isSettled) return;
        isSettled = true;
        if (firstError === undefined || isAboutOurs(firstError)) firstError = error;
        open.delete(socket);
        tryNext();
      });
      socket.once('connect', () => {
        isSettled = true;
        finish(socket);
        resolve(socket);
      });
      if (next < addresses.length) timer = setTimeout(tryNext, attemptDelayMilliseconds);
    };
    signal.addEventListener('abort', abort, { once: true });
    tryNext();
  });
}

/** Says more of this machine than of the host: an address of a kind that is not routed from here. */
function isAboutOurs({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ENETUNREACH' || code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
}
