import type { Socket } from 'node:net';
import { openConnection } from '../../net/open-connection.ts';
import { type Handshake, handshake } from './handshake.ts';
import type { Probe, ProbeRequest } from './probe.ts';
import type { ProbeFailure } from '../probe-failure.ts';
import type { Hello } from './secure-contexts.ts';

/** How far the attempts have come. */
export interface Progress {
  attempts: number;
  phase: 'connect' | 'starttls' | 'handshake';
  address?: string | undefined;
}

/** The ways to ask, each on a connection of its own. They reject with whatever went wrong. */
export interface Attempts {
  shake(hello: Hello): Promise<Handshake>;
  readRaw(refusal: ProbeFailure): Promise<Probe>;
}

export function createAttempts(request: ProbeRequest, signal: AbortSignal, progress: Progress): Attempts {
  const { host, addresses, port, protocol, servername, keyType, contexts, clientName } = request;
  const connected = async <Answer>(ask: (socket: Socket) => Promise<Answer>): Promise<Answer> => {
    progress.attempts++;
    progress.phase = 'connect';
    progress.address ??= addresses[0]?.address;
    const socket = await openConnection(addresses, port, signal);
    try {
      if (socket.remoteAddress !== undefined) progress.address = socket.remoteAddress;
      if (protocol !== 'tls') {
        progress.phase = 'starttls';
        const { negotiateTls } = await import('../starttls/negotiate-tls.ts');
        await negotiateTls(socket, protocol, { clientName, serverName: host, signal });
      }
      progress.phase = 'handshake';
      return await ask(socket);
    } finally {
      socket.destroy();
    }
  };
  return {
    shake: (hello) => connected((socket) => handshake(socket, { context: contexts(hello), servername, signal })),
    async readRaw(refusal) {
      const { readRawCertificates } = await import('../raw/read-raw-certificates.ts');
      const answer = await connected((socket) =>
        readRawCertificates(socket, { servername, signal, ...(keyType === undefined ? {} : { forKeyType: keyType }) }),
      );
      const { certificates: presented, version, cipher, clientCertificateWanted } = answer;
      return { presented, version, cipher, clientCertificateWanted, rung: 'raw', refusal };
    },
  };
}
