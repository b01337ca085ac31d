import type { Socket } from 'node:net';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import { DeliveryFailure } from '../notify/notifier.ts';
import type { SmtpSettings } from '../notify/settings.ts';
import { formatDuration } from '../quantity/duration.ts';
import type { ComposedMail } from './compose-mail.ts';
import { connectToServer } from './connect-to-server.ts';
import { isLoopback } from './loopback.ts';
import { oneLine } from './one-line.ts';
import { explainSmtpError, isPermanentRefusal } from './smtp-failure.ts';
import { tlsOptions } from './tls-options.ts';
import type { SendLimits, SendResult } from './transport.ts';

/** By how much the clock of a step may not come before that of all. */
const laterMilliseconds = 1000;

/** For the answer to QUIT, when the mail has been taken already. */
const farewellMilliseconds = 300;

/**
 * One mail over a connection of its own (RFC 5321). Every step has its own clock, and all of them together have
 * `deadlineSeconds`, at which the socket is destroyed: a server that sends a byte now and then would keep every idle
 * timeout waiting.
 */
export async function sendBySmtp(
  smtp: SmtpSettings<string>,
  mail: ComposedMail,
  { name, env }: { name: string; env: Readonly<Record<string, string | undefined>> },
  { signal, deadlineSeconds }: SendLimits,
): Promise<SendResult> {
  const ends = new AbortController();
  const abort = () => ends.abort(signal.reason);
  // A little less than there is: whoever has set it may abort at the same moment, and could not say who was late.
  const milliseconds = Math.min(Math.max(deadlineSeconds * 1000 - 20, 0), 2 ** 31 - 1);
  const timer = setTimeout(() => {
    const message = `${name} did not take the mail within ${formatDuration(deadlineSeconds)}`;
    ends.abort(new DeliveryFailure(message, { permanent: false }));
  }, milliseconds);
  signal.addEventListener('abort', abort, { once: true });
  let socket: Socket | undefined;
  try {
    signal.throwIfAborted();
    const [{ default: Connection }, tls] = await Promise.all([
      import('nodemailer/lib/smtp-connection'),
      tlsOptions(smtp, env),
    ]);
    socket = await connectToServer(smtp, name, { env, signal: ends.signal, deadlineSeconds });
    // Where the time of all is the shorter one it is what is told: a step that ended with it, on a busy machine before
    // it, would say only what it was waiting for.
    const within = (seconds: number) => Math.min(seconds * 1000, milliseconds + laterMilliseconds);
    const connection = new Connection({
      connection: socket,
      host: smtp.host,
      port: smtp.port,
      secure: smtp.tls,
      requireTLS: !smtp.tls && smtp.starttls === 'required',
      ignoreTLS: !smtp.tls && smtp.starttls === 'never',
      tls,
      connectionTimeout: within(20),
      greetingTimeout: within(10),
      dnsTimeout: within(5),
      socketTimeout: within(30),
      socketCloseTimeout: 0,
      maxResponseSize: 65_536,
      logger: false,
    });
    return await converse(connection, smtp, mail, name, ends.signal);
  } catch (error) {
    ends.signal.throwIfAborted();
    throw error instanceof DeliveryFailure ? error : explainSmtpError(error, name, secretsOf(smtp));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    socket?.destroy();
  }
}

async function converse(
  connection: SMTPConnection,
  smtp: SmtpSettings<string>,
  { from, to, written, bytes }: ComposedMail,
  name: string,
  signal: AbortSignal,
): Promise<SendResult> {
  // Whichever step it is that waits: a connection that breaks tells nobody but this listener.
  const broken = new Promise<never>((_, reject) => {
    connection.on('error', reject);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  broken.catch(() => undefined);
  const step = <Value>(start: (done: (error: Error | null | undefined, value?: Value) => void) => void) =>
    Promise.race([
      broken,
      new Promise<Value | undefined>((resolve, reject) => {
        start((error, value) => (error ? reject(error) : resolve(value)));
      }),
    ]);

  await step((done) => connection.connect(done));
  if (smtp.user !== undefined) {
    checkLogin(connection, smtp, name);
    const credentials = { user: smtp.user, pass: smtp.password ?? '' };
    await step((done) => connection.login({ credentials }, done));
  }
  const envelope = { from, to: [...to], size: bytes.length };
  const info = await step<SMTPConnectionSendInfo>((done) => connection.send(envelope, bytes, done));
  await sayGoodbye(connection);
  const refused = (info?.rejectedErrors ?? []).flatMap((error) => {
    const reason = oneLine(error.response ?? error.message, secretsOf(smtp));
    const permanent = isPermanentRefusal(error);
    return (written.get(error.recipient ?? '') ?? []).map((recipient) => ({ recipient, reason, permanent }));
  });
  return { response: oneLine(info?.response ?? '', secretsOf(smtp)), refused };
}

/** A password goes in the clear only where that was asked for, or where it does not leave this machine. */
function checkLogin(connection: SMTPConnection, smtp: SmtpSettings<string>, name: string): void {
  if (!connection.secure && smtp.starttls !== 'never' && !isLoopback(smtp.host)) {
    throw new DeliveryFailure(`${name} offers no TLS, and the password is not sent without`, { permanent: false });
  }
  if (!connection.allowsAuth) {
    throw new DeliveryFailure(`${name} lets nobody log in, but a user name is set`, { permanent: false });
  }
}

/** The mail is theirs: whatever happens here changes nothing. */
async function sayGoodbye(connection: SMTPConnection): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, farewellMilliseconds);
    connection.once('end', () => {
      clearTimeout(timer);
      resolve();
    });
    connection.quit();
  });
  connection.close();
}

function secretsOf({ user = '', password = '' }: SmtpSettings<string>): string[] {
  if (password === '') return [];
  return [password, Buffer.from(password).toString('base64'), Buffer.from(`\0${user}\0${password}`).toString('base64')];
}
