import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { defineCommand, type Spec } from '../../command.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import type { Mail } from '../../lib/mail/mail.ts';
import type { MailSent } from '../../lib/mail/mail-sent.ts';
import type { Transport } from '../../lib/mail/transport.ts';
import { columns, sentLine } from '../../views/mail-send.ts';

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];

export default defineCommand({
  description: [
    'Send what stands on standard input as a mail. It is on disk before it is sent: when the server does not take it now, a later run of devops does, or devops notify flush.',
    'The server is that of DEVOPS_SMTP_URL (smtp://user:password@host:587, where STARTTLS is required unless ?starttls=optional or never is added), else the local sendmail; with --via it is that of a mail notifier of devops.yaml, which also holds when another run sends it later. The sender is --from, else DEVOPS_MAIL_FROM, else the user at this machine.',
    'It exits with 0 when the mail is delivered or safely waiting, and with 2 when it never can be delivered. With --no-spool nothing is kept, and what is not delivered is an error.',
  ].join('\n\n'),
  examples: [
    { command: 'df -h | devops mail send -s "disks of $(hostname)" ops@example.org', what: 'what a command says' },
    {
      command: './nightly.sh 2>&1 | devops mail send -E -s nightly ops@example.org',
      what: 'only when it says anything',
    },
    { command: 'devops mail send -s report -a report.pdf ops@example.org < text', what: 'with a file' },
  ],
  define: (spec: Spec) =>
    spec
      .argument('<to...>', 'addresses: ops@example.org or "Ops <ops@example.org>"')
      .requiredOption('-s, --subject <text>', 'subject')
      .option('-a, --attach <file>', 'attach this file; may be repeated', collect, [] as readonly string[])
      .option('-E, --skip-empty', 'send nothing when standard input is empty')
      .option('--from <address>', 'who it is from')
      .option('--via <notifier>', 'use the mail server and sender of this notifier of devops.yaml')
      .option('--no-spool', 'keep nothing: what cannot be delivered now is an error'),
  shape: 'one',

  async *run(ctx, options, to: string[]): AsyncGenerator<MailSent> {
    const [{ parseAddress }, { chosenTransport }] = await Promise.all([
      import('../../lib/mail/address.ts'),
      import('../../mail-session.ts'),
    ]);
    requireOneLine(options.subject);
    for (const address of [...to, ...(options.from === undefined ? [] : [options.from])]) parseAddress(address);
    const { transport, from } = await chosenTransport(ctx, options.via);
    const mail = await readMail(ctx, { ...options, from: options.from ?? from, to });
    // Cron and scripts are to hear nothing of a mail that nobody needs.
    if (mail === undefined) return;
    yield await sendMail(ctx, mail, transport, options);
  },

  text: sentLine,
  columns,
});

async function readMail(
  ctx: Context,
  request: {
    to: readonly string[];
    from: string;
    subject: string;
    attach: readonly string[];
    skipEmpty?: true | undefined;
  },
): Promise<Mail | undefined> {
  const [{ mostBytes }, { readAttachments }, { readBounded }, { outgoingMail }] = await Promise.all([
    import('../../lib/mail/compose-mail.ts'),
    import('../../lib/mail/read-attachments.ts'),
    import('../../lib/files/read-bounded.ts'),
    import('../../lib/mail/outgoing-mail.ts'),
  ]);
  const { to, from, subject, attach } = request;
  const paths = attach.length === 0 ? [] : attach.map((path) => resolve(ctx.cwd(), path));
  const attachments = await readAttachments(paths, mostBytes, ctx.signal);
  const left = attachments.reduce((bytes, file) => bytes - file.bytes.length, mostBytes);
  const body = await readBounded(ctx.stdin(), left, ctx.signal);
  if (request.skipEmpty === true && body.length === 0) return undefined;
  return outgoingMail({ from, to, subject, body, attachments, host: hostname(), now: ctx.now() });
}

async function sendMail(
  ctx: Context,
  mail: Mail,
  transport: Transport,
  options: { spool: boolean; via?: string | undefined },
) {
  const { sendDirectly, sendThroughSpool } = await import('../../mail-session.ts');
  return options.spool ? sendThroughSpool(ctx, mail, transport, options.via ?? '') : sendDirectly(ctx, mail, transport);
}

/** It would arrive as something else: a header has one line (RFC 5322). */
function requireOneLine(subject: string): void {
  if (!/\p{Cc}/u.test(subject)) return;
  throw new UserError('the subject has a line end or another control character', {
    code: 'usage',
    hints: ['write it on one line'],
  });
}
