import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import type { Context } from './context.ts';
import { nearest } from './lib/errors/nearest.ts';
import { UserError } from './lib/errors/user-error.ts';
import { deliverMail, type MailDelivery } from './lib/mail/deliver-mail.ts';
import type { Mail } from './lib/mail/mail.ts';
import type { MailSent } from './lib/mail/mail-sent.ts';
import { openMailTransport } from './lib/mail/open-mail-transport.ts';
import type { Transport } from './lib/mail/transport.ts';
import { DeliveryFailure } from './lib/notify/notifier.ts';
import { enqueue } from './lib/spool/enqueue.ts';
import { flush, type FlushOptions } from './lib/spool/flush.ts';
import type { FlushResult } from './lib/spool/flush-result.ts';
import { openSpool } from './lib/spool/spool-folder.ts';
import { printable } from './lib/text/printable.ts';
import { quoted } from './lib/text/quoted.ts';

/** For the conversation; what is attached takes its time besides, at 256 KiB a second. */
const conversationSeconds = 20;
const bytesASecond = 256 * 1024;
/** Of that, for another run that sends what waits at this moment. */
const lockSeconds = 10;

/** The way to send and who it is from: the mail notifier of that name, or without a name what the environment says. */
export async function chosenTransport(
  ctx: Context,
  via: string | undefined,
): Promise<{ transport: Transport; from: string }> {
  const place = { env: ctx.env, uid: ctx.userId, now: () => ctx.now(), host: hostname() };
  if (via === undefined) return openMailTransport(undefined, place);
  const { resolveNotifiers } = await import('./lib/jobs/resolve-notifiers.ts');
  const notifiers = resolveNotifiers((await ctx.config()).config);
  const settings = Object.hasOwn(notifiers, via) ? notifiers[via] : undefined;
  if (settings?.type === 'mail') return openMailTransport(settings, place);
  const names = Object.keys(notifiers).filter((name) => notifiers[name]!.type === 'mail');
  const near = nearest(via, names);
  throw new UserError(
    settings === undefined ? `there is no notifier ${quoted(via)}` : `the notifier ${quoted(via)} sends no mail`,
    {
      code: 'usage',
      hints: [
        near === undefined ? 'name one of type mail below notify in devops.yaml' : `did you mean ${quoted(near)}?`,
      ],
    },
  );
}

export async function sendDirectly(ctx: Context, mail: Mail, transport: Transport): Promise<MailSent> {
  const { to, subject, messageId } = mail;
  try {
    const limits = { signal: ctx.signal, deadlineSeconds: secondsFor(mail) };
    const { response } = await deliverMail(transport, mail, limits);
    return { to, subject, state: 'delivered', response, messageId };
  } catch (error) {
    if (error instanceof DeliveryFailure) throw notSent(error.message);
    throw error;
  }
}

/** Puts the mail on disk and tries at once to deliver it, and nothing else that waits there. */
export async function sendThroughSpool(ctx: Context, mail: Mail, transport: Transport, via: string): Promise<MailSent> {
  await requireSendable(ctx, mail);
  const { to, subject, messageId } = mail;
  const id = randomUUID();
  const account = { env: ctx.env, uid: ctx.userId, homeDirectory: ctx.homeDirectory() };
  const now = () => Math.floor(ctx.now().getTime() / 1000);
  let folder: string;
  try {
    folder = openSpool(account);
    enqueue(folder, { version: 1, id, createdAt: now(), to: via, content: { mail }, attempts: 0, notBefore: 0 });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // A disk that is full is no reason not to send what can be sent.
    await ctx.stderr.write(
      `devops: warning: the mail is not kept until it is delivered: ${printable(error.message)}\n`,
    );
    return sendDirectly(ctx, mail, transport);
  }

  let delivery: MailDelivery | undefined;
  const result = await flushSafely(ctx, folder, {
    async deliver({ content, ...entry }, limits) {
      if (!('mail' in content)) return;
      delivery = await deliverMail(transport, content.mail, limits, (rest) => {
        enqueue(folder, { ...entry, id: randomUUID(), content: { mail: rest } });
      });
    },
    only: new Set([id]),
    signal: ctx.signal,
    deadlineSeconds: secondsFor(mail),
    waitForLockSeconds: lockSeconds,
    now,
    env: ctx.env,
    pid: ctx.processId,
  });
  if (ctx.signal.aborted) {
    await ctx.stderr.write('devops: the mail waits in the spool; devops notify flush sends it\n');
    ctx.signal.throwIfAborted();
  }
  const dead = result.dead?.find((entry) => entry.id === id);
  if (dead !== undefined) throw notSent(dead.reason);
  if (delivery !== undefined && result.delivered?.includes(id) === true) {
    const { response, waiting } = delivery;
    if (waiting === undefined) return { to, subject, state: 'delivered', response, messageId };
    return { to, subject, state: 'spooled', response, reason: waiting, messageId };
  }
  const waiting = result.waiting?.find((entry) => entry.id === id);
  const reason =
    waiting?.reason ?? (result.state === 'busy' ? 'another run is sending what waits' : 'it was taken over');
  return { to, subject, state: 'spooled', reason, messageId };
}

/** The mail is on disk already: what goes wrong from here on is a reason why it waits, and no failure. */
async function flushSafely(ctx: Context, folder: string, options: FlushOptions): Promise<Partial<FlushResult>> {
  try {
    return await flush(folder, options);
  } catch (error) {
    if (ctx.signal.aborted || !(error instanceof UserError)) throw error;
    return { waiting: [...(options.only ?? [])].map((id) => ({ id, to: '', reason: error.message })) };
  }
}

/** Before it is kept: what no server could ever take is a mistake of whoever typed it. */
async function requireSendable(ctx: Context, mail: Mail): Promise<void> {
  const { composeMail } = await import('./lib/mail/compose-mail.ts');
  try {
    await composeMail(mail, { from: mail.from ?? '', now: ctx.now() });
  } catch (error) {
    if (error instanceof DeliveryFailure) throw new UserError(error.message, { code: 'usage', cause: error });
    throw error;
  }
}

function secondsFor({ text, attachments }: Mail): number {
  const bytes = attachments.reduce((sum, { base64 }) => sum + base64.length, text.length);
  return conversationSeconds + Math.ceil(bytes / bytesASecond);
}

function notSent(reason: string): UserError {
  return new UserError(`the mail is not sent: ${reason}`, { code: 'network' });
}
