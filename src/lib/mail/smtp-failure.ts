import type { NodemailerError } from 'nodemailer/lib/errors';
import { DeliveryFailure } from '../notify/notifier.ts';
import { oneLine } from './one-line.ts';

/**
 * What went wrong in the conversation, for people. Only what the server says of the recipients or of the message is for
 * ever: names, networks, certificates, passwords and servers that are busy get well again, and a mail that waits for
 * that is better than none.
 */
export function explainSmtpError(error: unknown, name: string, secrets: readonly string[]): DeliveryFailure {
  const failure = (message: string, permanent = false) => new DeliveryFailure(message, { permanent, cause: error });
  if (!(error instanceof Error)) return failure(`${name}: ${oneLine(String(error), secrets)}`);
  const { code, response, command, responseCode }: NodemailerError = error;
  const said = oneLine(response ?? error.message, secrets);
  if (code === 'EAUTH') return failure(`${name} does not accept the user name and password: ${said}`);
  if (code === 'ETLS' || command === 'STARTTLS') return failure(`no TLS with ${name}: ${said}`);
  if (code === 'ETIMEDOUT') return failure(`${name} took too long to answer (${said.toLowerCase()})`);
  // A certificate that is not trusted ends the socket, and says so in a code of OpenSSL.
  const original = 'originalCode' in error ? String(error.originalCode) : '';
  if (isAboutCertificate(original) || isAboutCertificate(String(code))) {
    return failure(`no TLS with ${name}: its certificate is not trusted (${said})`);
  }
  if (original.startsWith('ERR_SSL_')) {
    const reason = 'reason' in error ? String(error.reason) : said;
    return failure(`no TLS with ${name}: ${oneLine(reason, secrets)}`);
  }
  if (code === 'EMESSAGE' && responseCode === undefined) return failure(`${name} does not take so long a mail`, true);
  if (code === 'EENVELOPE' || code === 'EMESSAGE') {
    return failure(`${name} refuses ${whatIn(command)}: ${said}`, isPermanentRefusal(error));
  }
  return failure(`${name}: ${said}`);
}

function whatIn(command: string | undefined): string {
  if (command === 'MAIL FROM') return 'the sender';
  return command === 'RCPT TO' ? 'the recipient' : 'the message';
}

/** Whether this recipient or this message is refused for ever; 530 and 535 ask for a login, 503 is about the session. */
export function isPermanentRefusal(error: NodemailerError): boolean {
  const { command, responseCode } = error;
  if (responseCode === undefined || responseCode < 500 || responseCode > 599) return false;
  if ([503, 530, 534, 535, 538].includes(responseCode)) return false;
  // A sender that is not allowed is a setting. Too long a message is told here when the size was announced.
  if (command === 'MAIL FROM') return responseCode === 552;
  if (error.rejectedErrors !== undefined) return error.rejectedErrors.every(isPermanentRefusal);
  return command === 'RCPT TO' || command === 'DATA';
}

function isAboutCertificate(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/.test(code);
}
