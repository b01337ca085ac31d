import type { Socket } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import type { X509Certificate } from 'node:crypto';

export interface HandshakeOptions {
  context: SecureContext;
  /** Name for the SNI extension; none for an address, RFC 6066. */
  servername: string | undefined;
  signal: AbortSignal;
}

/** What a handshake brought, finished or not. */
export interface Handshake {
  /** DER, in the order in which the server sent them; empty when the handshake failed before. */
  presented: readonly Buffer[];
  /** The first of them as OpenSSL has parsed it, to spare doing so again. */
  leaf?: X509Certificate;
  /** OpenSSL's word about the chain, without the name: undefined when it is `trusted`. Absent when it had none yet. */
  verification?: { code: string | undefined };
  /** Such as `TLSv1.3`. */
  version?: string;
  cipher?: string;
  clientCertificateWanted: boolean;
  /** Why it was not finished. */
  failure?: NodeJS.ErrnoException;
}

/**
 * A TLS handshake on a connected socket, which is gone afterwards. Resolves whatever the server does, also with the
 * certificate of a handshake that failed or was aborted later; rejects with the signal's reason when there was none by
 * then. The certificate is judged by the caller, so one that is expired or for another host is no failure.
 */
export function handshake(socket: Socket, { context, servername, signal }: HandshakeOptions): Promise<Handshake> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const secured = connect({
      socket,
      secureContext: context,
      // An empty name keeps Node from sending the host's.
      servername: servername ?? '',
      rejectUnauthorized: false,
      // Names are compared by the caller: Node tells of one mistake only, and takes a common name for an answer.
      checkServerIdentity: () => undefined,
      // Refusing a small key here would hide the certificate that comes with it.
      minDHSize: 1,
    });
    // Node fetches the whole chain as old-style objects for checkServerIdentity: a third of the CPU time of a probe.
    secured.getPeerCertificate = noPeerCertificate;
    let complete: Handshake | undefined;
    // Whatever goes wrong in here is this server's own end, and not that of all the others.
    const settle = (look: () => Handshake): void => {
      try {
        const result = complete ?? look();
        if (signal.aborted && result.presented.length === 0) reject(signal.reason as Error);
        else resolve(result);
      } catch (error) {
        reject(error);
      } finally {
        signal.removeEventListener('abort', abort);
        // It has taken over the socket with all that is open.
        secured.destroy();
      }
    };
    // Some servers send their certificate and then say nothing more.
    const abort = (): void => settle(() => ({ ...inspectUnfinished(secured), failure: signal.reason as Error }));
    signal.addEventListener('abort', abort, { once: true });
    secured.once('secureConnect', () => {
      try {
        const code = secured.authorized ? undefined : verificationCode(secured.authorizationError);
        complete = { ...inspect(secured), verification: { code } };
      } catch (error) {
        secured.destroy(error as Error);
      }
      // Our last words are not sent yet: without them a server of TLS 1.3 sees no client certificate, and a broken
      // connection in its log.
      if (complete !== undefined) setImmediate(settle, () => complete!);
    });
    // The certificate is still there, but only until the socket is destroyed.
    secured.on('error', (failure: NodeJS.ErrnoException) => settle(() => ({ ...inspectUnfinished(secured), failure })));
    secured.once('close', () =>
      settle(() => {
        const failure = Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });
        return { presented: [], clientCertificateWanted: false, failure };
      }),
    );
  });
}

const noPeerCertificate = (() => ({})) as unknown as TLSSocket['getPeerCertificate'];

function inspect(secured: TLSSocket): Omit<Handshake, 'verification' | 'failure'> {
  const presented: Buffer[] = [];
  const leaf = secured.getPeerX509Certificate();
  // Linked as they were sent, whether one has issued the other or not.
  for (let certificate = leaf; certificate !== undefined; certificate = issuerOf(certificate))
    presented.push(certificate.raw);
  const version = secured.getProtocol() ?? undefined;
  const cipher = presented.length === 0 ? undefined : secured.getCipher()?.standardName;
  return {
    presented,
    ...(leaf === undefined ? {} : { leaf }),
    ...(version === undefined ? {} : { version }),
    ...(cipher === undefined ? {} : { cipher }),
    clientCertificateWanted: hasSharedSignatureAlgorithms(secured),
  };
}

/** Null, against its type, once the connection is gone. */
function hasSharedSignatureAlgorithms(secured: TLSSocket): boolean {
  const algorithms = secured.getSharedSigalgs() as string[] | null;
  return algorithms !== null && algorithms.length > 0;
}

function inspectUnfinished(secured: TLSSocket): Omit<Handshake, 'failure'> {
  const result = inspect(secured);
  const verification = result.presented.length === 0 ? undefined : unfinishedVerification(secured);
  return verification === undefined ? result : { ...result, verification };
}

function issuerOf(certificate: X509Certificate): X509Certificate | undefined {
  return certificate.issuerCertificate;
}

/** Typed as an Error, but it is the error's code. */
function verificationCode(authorizationError: unknown): string {
  return typeof authorizationError === 'string' ? authorizationError : 'UNSPECIFIED';
}

/** What Node itself asks at the end of a handshake; there is no public way to ask when the end is not reached. */
function unfinishedVerification(secured: TLSSocket): Handshake['verification'] {
  const { _handle: handle } = secured as { _handle?: { verifyError?(): { code?: string } | null } };
  if (typeof handle?.verifyError !== 'function') return undefined;
  const error = handle.verifyError();
  return { code: error === null || error === undefined ? undefined : (error.code ?? 'UNSPECIFIED') };
}
