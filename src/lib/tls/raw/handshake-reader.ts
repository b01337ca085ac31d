import { ProbeFailure } from '../probe-failure.ts';
import { describeAlert } from './alert.ts';
import { brokenHandshake } from './broken-handshake.ts';
import { messageReader } from './message-reader.ts';
import { contentTypes, recordReader } from './record-reader.ts';
import { parseCertificateMessage, parseServerHello, type RawVersion, type ServerHello } from './server-messages.ts';

/** What a server of TLS 1.2 or older says before anything is encrypted. */
export interface RawAnswer {
  /** DER, byte for byte, in the order in which they were sent; at least one. */
  certificates: Buffer[];
  version: RawVersion;
  /** IANA's name, such as `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`; the number of one that was not offered, `0xc0ff`. */
  cipher: string;
  /** Whether a CertificateRequest came together with the certificate. False is no proof: it was not waited for. */
  clientCertificateWanted: boolean;
}

export interface HandshakeReader {
  /**
   * Takes the next bytes of the server, in pieces of any size. The answer when the Certificate message is complete.
   *
   * @throws {ProbeFailure} when no answer will come; nothing must be pushed after that
   */
  push(chunk: Buffer): RawAnswer | undefined;
  /** Why there is no answer when the server has closed, or `reset`, the connection at this point. */
  closed(how: 'closed' | 'reset'): ProbeFailure;
}

const messageTypes = { helloRequest: 0, serverHello: 2, certificate: 11, certificateRequest: 13 };
const alertLevels = { warning: 1, fatal: 2 };
const alertCodes = { closeNotify: 0, protocolVersion: 70, unrecognizedName: 112 };

const maximumMessageLength = 2 ** 20;
/** Records without content, warnings and HelloRequests: they are allowed and could go on for ever. */
const maximumIdleSteps = 32;

/** Reads the answer to our ClientHello up to the certificate. Keeps at most one message of 1 MiB; takes linear time. */
export function handshakeReader(): HandshakeReader {
  let serverHello: ServerHello | undefined;
  let certificates: Buffer[] | undefined;
  let clientCertificateWanted = false;
  let hasBytes = false;
  let nameIsUnknown = false;
  let idleSteps = 0;
  let alertLevel: number | undefined;

  function idle(): void {
    idleSteps += 1;
    if (idleSteps > maximumIdleSteps) throw brokenHandshake('nothing but warnings and empty records');
  }

  function wants(type: number, length: number): boolean {
    if (certificates !== undefined) {
      if (type === messageTypes.certificateRequest) clientCertificateWanted = true;
      return false;
    }
    if (type === messageTypes.helloRequest && length === 0) {
      idle();
      return false;
    }
    const expected = serverHello === undefined ? messageTypes.serverHello : messageTypes.certificate;
    if (type !== expected) throw unexpectedMessage(type, serverHello);
    if (length > maximumMessageLength) {
      const name = serverHello === undefined ? 'ServerHello' : 'Certificate';
      throw new ProbeFailure('handshake-failed', `the server announced a ${name} message of ${length} bytes`, {
        hint: 'at most 1 MiB is read; a chain of certificates has a few thousand bytes',
      });
    }
    return true;
  }

  function message(_type: number, body: Buffer): void {
    if (serverHello === undefined) serverHello = parseServerHello(body);
    else certificates = parseCertificateMessage(body);
  }

  function alert(byte: number): void {
    if (alertLevel === undefined) {
      if (byte !== alertLevels.warning && byte !== alertLevels.fatal)
        throw brokenHandshake(`an alert of level ${byte}`);
      alertLevel = byte;
      return;
    }
    const isFatal = alertLevel === alertLevels.fatal;
    alertLevel = undefined;
    if (isFatal || byte === alertCodes.closeNotify) throw alertFailure(byte, nameIsUnknown);
    // RFC 6066, 3: a server that does not know the name may warn and go on with the certificate that it has.
    if (byte === alertCodes.unrecognizedName) nameIsUnknown = true;
    idle();
  }

  const readMessages = messageReader({ wants, message });
  const readRecords = recordReader((contentType, chunk, start, end) => {
    if (start === end) idle();
    if (contentType === contentTypes.handshake) readMessages(chunk, start, end);
    else if (contentType === contentTypes.alert) {
      for (let offset = start; offset < end; offset += 1) alert(chunk[offset]!);
    } else throw brokenHandshake('encrypted data before its certificate');
  });

  return {
    push(chunk) {
      hasBytes ||= chunk.length > 0;
      try {
        readRecords(chunk);
      } catch (error) {
        // Whatever is wrong with what follows the certificate does not make it another.
        if (serverHello === undefined || certificates === undefined || !(error instanceof ProbeFailure)) throw error;
      }
      if (serverHello === undefined || certificates === undefined) return undefined;
      return { certificates, ...serverHello, clientCertificateWanted };
    },
    closed(how) {
      if (nameIsUnknown) {
        const { code, message: text, hint } = describeAlert(alertCodes.unrecognizedName);
        return new ProbeFailure(code, text, { ...(hint !== undefined && { hint }) });
      }
      const what = how === 'closed' ? 'closed' : 'reset';
      const when = hasBytes ? 'before it had sent its certificate' : 'when TLS was offered to it';
      return new ProbeFailure('reset', `the server ${what} the connection ${when}`);
    },
  };
}

function alertFailure(code: number, nameIsUnknown: boolean): ProbeFailure {
  const { code: failureCode, message, hint } = describeAlert(code);
  if (code === alertCodes.protocolVersion) {
    return new ProbeFailure(
      failureCode,
      `the server speaks only TLS 1.3, or refuses TLS 1.2 and older for another reason (protocol_version, alert ${code})`,
      { hint: 'TLS 1.3 encrypts the certificate: it can be had only when the whole handshake succeeds' },
    );
  }
  if (nameIsUnknown) {
    const warned =
      'it had warned before that it does not know the name: ask for one that it serves with --servername NAME';
    return new ProbeFailure(failureCode, message, { hint: warned });
  }
  return new ProbeFailure(failureCode, message, { ...(hint !== undefined && { hint }) });
}

function unexpectedMessage(type: number, serverHello: ServerHello | undefined): ProbeFailure {
  if (serverHello === undefined) return brokenHandshake(`its first message is of type ${type}, not a ServerHello`);
  const { cipher } = serverHello;
  return new ProbeFailure('handshake-failed', `the server sent no certificate: it picked the cipher suite ${cipher}`, {
    hint: 'such a suite is anonymous or works with a shared key: allow one with a certificate on the server',
  });
}
