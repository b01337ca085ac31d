import { defineCommand, type Spec } from '../../command.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import { printable } from '../../lib/text/printable.ts';

/** What became of one message that waited. */
export interface FlushedMessage {
  id: string;
  /** Name of a notifier, or `mailto:` address; '' for a mail of the default server. */
  to: string;
  /** `waiting`: it could not be delivered now; `dead`: it never can. */
  state: 'delivered' | 'waiting' | 'dead';
  /** Why it was not delivered; one line. */
  reason?: string;
}

/** Of the whole flush, without --timeout. */
const deadlineSeconds = 120;

export default defineCommand({
  description: [
    'Send what could not be delivered when it happened: alerts of jobs and mails of devops mail send wait on disk until somebody takes them. Every run of a job does the same behind its own; this is for a crontab where few jobs run, and for whoever does not want to wait.',
    'What was tried a moment ago has to wait, for longer after every failure, up to an hour; --all tries it nevertheless.',
  ].join('\n\n'),
  examples: [
    { command: 'devops notify flush', what: 'what is due' },
    { command: 'devops notify flush --all', what: 'after the mail server was mended' },
  ],
  define: (spec: Spec) => spec.option('--all', 'also what was tried a moment ago'),
  shape: 'many',
  async *run(ctx, { all }): AsyncGenerator<FlushedMessage> {
    const { openSender } = await import('../../notify-session.ts');
    const { flushWaiting } = await import('../../lib/notify/flush-waiting.ts');
    const { spoolFolder } = await import('../../lib/spool/spool-folder.ts');
    const { waitingIds } = await import('../../lib/spool/waiting.ts');
    const sender = await openSender(ctx);
    const folder = spoolFolder(sender);
    const only = all === true ? { only: new Set(waitingIds(folder)) } : {};
    const options = { signal: ctx.signal, deadlineSeconds, ...only };
    const result = await flushWaiting(folder, sender, options);
    if (result.state === 'busy') {
      throw new UserError('another run is sending what waits', { code: 'busy', hints: ['try again in a minute'] });
    }
    for (const id of result.delivered) yield { id, to: '', state: 'delivered' };
    for (const entry of result.waiting) yield { ...entry, state: 'waiting' };
    for (const entry of result.dead) yield { ...entry, state: 'dead' };
    for (const { file, reason } of result.unreadable) yield { id: file, to: '', state: 'waiting', reason };
  },
  columns: [
    { name: 'id', value: ({ id }) => id },
    { name: 'to', value: ({ to }) => to, cell: ({ to }) => printable(to) },
    { name: 'state', value: ({ state }) => state },
    { name: 'reason', value: ({ reason }) => reason, cell: ({ reason }) => printable(reason ?? ''), dispensable: true },
  ],
  verdicts: ({ id, to, state, reason }) => [
    {
      status: state === 'delivered' ? 'ok' : 'unknown',
      subject: to === '' ? id : `${to} ${id}`,
      code: state,
      message: state === 'delivered' ? 'delivered' : `not delivered: ${reason ?? 'unknown'}`,
    },
  ],
});
