import type { ProbeFailureCode } from '../probe-failure.ts';

interface Alert {
  name: string;
  meaning: string;
  hint?: string;
}

const noCommonGround =
  'compare what the server allows with `openssl s_client -connect HOST:PORT`, and see whether it wants a server name';

/** IANA's registry "TLS Alerts" (RFC 5246, 7.2.2; RFC 8446, 6.2; RFC 6066; RFC 7301; RFC 7507) and SSL 3.0's own. */
const alerts: Readonly<Record<number, Alert>> = {
  0: { name: 'close_notify', meaning: 'it closed the connection' },
  10: { name: 'unexpected_message', meaning: 'it got a message that it did not expect' },
  20: { name: 'bad_record_mac', meaning: 'it could not check a record' },
  21: { name: 'decryption_failed', meaning: 'it could not decrypt a record' },
  22: { name: 'record_overflow', meaning: 'a record was too long for it' },
  30: { name: 'decompression_failure', meaning: 'it could not decompress a record' },
  40: {
    name: 'handshake_failure',
    meaning: 'nothing that was offered suits it, or it wants a client certificate',
    hint: noCommonGround,
  },
  41: { name: 'no_certificate', meaning: 'it wants a client certificate' },
  42: { name: 'bad_certificate', meaning: 'it does not accept the client certificate' },
  43: { name: 'unsupported_certificate', meaning: 'it does not support this kind of client certificate' },
  44: { name: 'certificate_revoked', meaning: 'the client certificate is revoked' },
  45: { name: 'certificate_expired', meaning: 'the client certificate has expired' },
  46: { name: 'certificate_unknown', meaning: 'it does not accept the client certificate' },
  47: { name: 'illegal_parameter', meaning: 'something that was offered contradicts itself to it' },
  48: { name: 'unknown_ca', meaning: 'it does not know who issued the client certificate' },
  49: { name: 'access_denied', meaning: 'it refuses this client' },
  50: { name: 'decode_error', meaning: 'it could not read a message' },
  51: { name: 'decrypt_error', meaning: 'it could not check a signature or a key exchange' },
  60: { name: 'export_restriction', meaning: 'it demands a key length of the old export rules' },
  70: { name: 'protocol_version', meaning: 'it speaks none of the versions of TLS that were offered' },
  71: { name: 'insufficient_security', meaning: 'it demands stronger ciphers than were offered' },
  80: {
    name: 'internal_error',
    meaning: 'it failed on its own side',
    hint: 'see the log of the server; it often means that it has no certificate for the name that was asked for',
  },
  86: { name: 'inappropriate_fallback', meaning: 'it supports a newer version of TLS than was offered' },
  90: { name: 'user_canceled', meaning: 'it gave up the handshake' },
  100: { name: 'no_renegotiation', meaning: 'it does not renegotiate' },
  109: { name: 'missing_extension', meaning: 'it demands an extension that was not sent' },
  110: { name: 'unsupported_extension', meaning: 'it refuses an extension that was sent' },
  111: { name: 'certificate_unobtainable', meaning: 'it could not fetch the client certificate' },
  112: {
    name: 'unrecognized_name',
    meaning: 'it does not know the name that was asked for, or asks for one',
    hint: 'ask for a name that it serves with --servername NAME',
  },
  113: { name: 'bad_certificate_status_response', meaning: 'it does not accept the OCSP answer' },
  114: { name: 'bad_certificate_hash_value', meaning: 'the client certificate is not the one that was announced' },
  115: { name: 'unknown_psk_identity', meaning: 'it takes only clients with a pre-shared key' },
  116: { name: 'certificate_required', meaning: 'it wants a client certificate' },
  117: { name: 'general_error', meaning: 'it failed for a reason that has no number' },
  120: { name: 'no_application_protocol', meaning: 'it demands another application protocol (ALPN)' },
  121: { name: 'ech_required', meaning: 'it demands an encrypted ClientHello' },
};

/** IANA's name of an alert of TLS, such as `handshake_failure`; `alert 200` for a number that has none. */
export function alertName(code: number): string {
  return alerts[code]?.name ?? `alert ${code}`;
}

/**
 * What it means when a server answers a handshake with this alert. It is for alerts that ended the handshake: one of
 * level warning, above all `unrecognized_name`, need not be the end (RFC 6066, 3).
 */
export function describeAlert(code: number): { code: ProbeFailureCode; message: string; hint?: string } {
  const alert = alerts[code];
  const failure = { code: failureCodeOf(code), message: messageOf(code, alert) };
  return alert?.hint === undefined ? failure : { ...failure, hint: alert.hint };
}

function failureCodeOf(code: number): ProbeFailureCode {
  if (code === 0) return 'reset';
  return code === 112 ? 'sni-refused' : 'handshake-failed';
}

function messageOf(code: number, alert: Alert | undefined): string {
  const refused = 'the server refused the handshake';
  return alert === undefined
    ? `${refused} (alert ${code})`
    : `${refused}: ${alert.meaning} (${alert.name}, alert ${code})`;
}
