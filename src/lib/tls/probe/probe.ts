import type { Address } from '../../net/address.ts';
import type { Deadlines } from './deadline.ts';
import type { Handshake } from './handshake.ts';
import type { ProbeFailure } from '../probe-failure.ts';
import type { Protocol } from '../protocol.ts';
import type { SecureContexts } from './secure-contexts.ts';

/** One endpoint, and how it is to be asked. */
export interface ProbeRequest {
  /** As it was named, for messages. */
  host: string;
  addresses: readonly Address[];
  port: number;
  protocol: Protocol;
  servername: string | undefined;
  /** Ask for a certificate with this kind of key, of a server that has both. */
  keyType?: 'rsa' | 'ec';
  /** For everything that is done about this endpoint. */
  timeoutSeconds: number;
  /** How often an endpoint that refuses or resets the connection is tried again. */
  retries: number;
  /** What we call ourselves in EHLO. */
  clientName: string;
  contexts: SecureContexts;
  deadlines: Deadlines;
  /** Of the run. */
  signal: AbortSignal;
}

/** What the server sent, and how it was brought to do so. */
export interface Probe extends Omit<Handshake, 'failure'> {
  rung: 'default' | 'permissive' | 'raw';
  /** Why a current client cannot connect, where that is so. */
  refusal?: ProbeFailure;
}

export interface ProbeOutcome {
  /** Connections that were opened. */
  attempts: number;
  /** The address that answered last. */
  address?: string;
  result: Probe | ProbeFailure;
}
