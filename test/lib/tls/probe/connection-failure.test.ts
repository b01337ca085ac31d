import { expect, test } from 'vitest';
import { connectionFailure } from '../../../../src/lib/tls/probe/connection-failure.ts';
import { ProbeFailure } from '../../../../src/lib/tls/probe-failure.ts';

function failure(code: string | undefined, message = 'what Node says', rest: object = {}): ProbeFailure {
  return connectionFailure(Object.assign(new Error(message), code === undefined ? {} : { code }, rest));
}

test.each([
  ['ECONNREFUSED', 'unreachable', 'connection refused'],
  ['EHOSTUNREACH', 'unreachable', 'no route to the host'],
  ['ENETUNREACH', 'unreachable', 'the network cannot be reached from here'],
  ['EADDRNOTAVAIL', 'unreachable', 'no address of this machine can be used to connect'],
  ['EACCES', 'unreachable', 'connecting is not permitted'],
  ['EPERM', 'unreachable', 'connecting is not permitted'],
  ['EINVAL', 'unreachable', 'the address cannot be connected to'],
  ['ETIMEDOUT', 'timeout', 'no answer to the connection'],
  ['ECONNRESET', 'reset', 'closed the connection during the handshake'],
  ['EPIPE', 'reset', 'closed the connection during the handshake'],
  ['ECONNABORTED', 'reset', 'closed the connection during the handshake'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'not-tls', 'answers, but not with TLS'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'not-tls', 'answers, but not with TLS'],
] as const)('%s is %s: %s', (code, kind, message) => {
  expect(failure(code)).toMatchObject({ name: 'ProbeFailure', code: kind, message });
});

test('the failure of the system is kept as the cause, and a hint only where there is one', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
  expect(connectionFailure(cause)).toMatchObject({ cause, hint: 'does the service run, on this port?' });
  expect(failure('ERR_SOMETHING').hint).toBeUndefined();
});

test.each([
  [40, 'handshake-failed', 'handshake_failure'],
  [70, 'handshake-failed', 'protocol_version'],
  [112, 'sni-refused', 'unrecognized_name'],
  [116, 'handshake-failed', 'certificate_required'],
  [0, 'reset', 'close_notify'],
  [200, 'handshake-failed', 'alert 200'],
])('alert %i of the server is %s and named', (number, code, name) => {
  const found = failure(
    'ERR_SSL_SOME_ALERT',
    `80:error:0A000410:SSL routines:ssl3_read_bytes:SSL alert number ${number}`,
  );
  expect(found.code).toBe(code);
  expect(found.message).toContain(name);
});

test('whatever else OpenSSL says is told in its own short words', () => {
  const reason = 'dh key too small';
  expect(failure('ERR_SSL_DH_KEY_TOO_SMALL', 'long words', { reason }).message).toBe(
    'the TLS handshake failed: dh key too small',
  );
  expect(failure('ERR_SOMETHING').message).toBe('the TLS handshake failed: ERR_SOMETHING');
  expect(failure(undefined, 'only words').message).toBe('the TLS handshake failed: only words');
});

test('a failure that is one already stays itself', () => {
  const own = new ProbeFailure('dns', 'no such name');
  expect(connectionFailure(own)).toBe(own);
});
