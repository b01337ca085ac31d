import { describeAlert } from '../raw/alert.ts';
import { ProbeFailure } from '../probe-failure.ts';

/** A failed connection or handshake in the words of the field, from Node's and OpenSSL's error codes. */
export function connectionFailure(error: unknown): ProbeFailure {
  if (error instanceof ProbeFailure) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : systemFailures[code];
  if (known !== undefined) return new ProbeFailure(known.code, known.message, { ...known, cause: error });
  if (code !== undefined && notTls.has(code)) {
    return new ProbeFailure('not-tls', 'answers, but not with TLS', {
      hint: 'is it the right port, and does the protocol need STARTTLS, such as smtp://host:25?',
      cause: error,
    });
  }
  const alert = alertNumber(error);
  if (alert !== undefined) {
    const described = describeAlert(alert);
    return new ProbeFailure(described.code, described.message, { ...described, cause: error });
  }
  return new ProbeFailure('handshake-failed', `the TLS handshake failed: ${reasonOf(error) ?? code ?? message}`, {
    cause: error,
  });
}

interface SystemFailure {
  code: ProbeFailure['code'];
  message: string;
  hint?: string;
}

/** Nothing that the server could do anything about. */
const noDescriptor: SystemFailure = {
  code: 'unreachable',
  message: 'this machine lets us open no further connection: too many open files',
  hint: 'raise the limit with ulimit -n, or lower --concurrency',
};

const systemFailures: Readonly<Record<string, SystemFailure>> = {
  ECONNREFUSED: { code: 'unreachable', message: 'connection refused', hint: 'does the service run, on this port?' },
  EHOSTUNREACH: { code: 'unreachable', message: 'no route to the host' },
  ENETUNREACH: { code: 'unreachable', message: 'the network cannot be reached from here' },
  EADDRNOTAVAIL: { code: 'unreachable', message: 'no address of this machine can be used to connect' },
  EMFILE: noDescriptor,
  ENFILE: noDescriptor,
  EACCES: {
    code: 'unreachable',
    message: 'connecting is not permitted',
    hint: 'a firewall of this machine forbids it',
  },
  EPERM: { code: 'unreachable', message: 'connecting is not permitted', hint: 'a firewall of this machine forbids it' },
  EINVAL: { code: 'unreachable', message: 'the address cannot be connected to' },
  ETIMEDOUT: { code: 'timeout', message: 'no answer to the connection' },
  ECONNRESET: { code: 'reset', message: 'closed the connection during the handshake' },
  EPIPE: { code: 'reset', message: 'closed the connection during the handshake' },
  ECONNABORTED: { code: 'reset', message: 'closed the connection during the handshake' },
};

/** What OpenSSL makes of bytes that are no TLS record, or of a record of a length that no record has. */
const notTls: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_UNEXPECTED_MESSAGE',
  'ERR_SSL_RECORD_LAYER_FAILURE',
  'ERR_SSL_BAD_RECORD_TYPE',
]);

/** OpenSSL ends its message with `SSL alert number 70`. */
function alertNumber(error: unknown): number | undefined {
  const digits = /SSL alert number (\d{1,3})\b/.exec((error as Error).message)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function reasonOf(error: unknown): string | undefined {
  const { reason } = error as { reason?: unknown };
  return typeof reason === 'string' ? reason : undefined;
}
