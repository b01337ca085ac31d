import { defineCommand, type Spec } from '../../command.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import type { Alert } from '../../lib/notify/alert.ts';
import { alertTitle } from '../../lib/notify/alert-title.ts';
import { DeliveryFailure, type Notifier } from '../../lib/notify/notifier.ts';
import type { ItemError } from '../../lib/results/item-error.ts';

/** A test that a notifier took. */
export interface NotifierTest {
  /** As in devops.yaml, or `mailto:ops@example.org`. */
  notifier: string;
  kind: 'mail' | 'webhook' | 'slack' | 'healthchecks';
  /** How long it took. */
  seconds: number;
}

/** One that it did not take. */
export interface FailedNotifierTest {
  /** The notifier. */
  subject: string;
  error: ItemError;
}

/** For each notifier. */
const deadlineSeconds = 30;

export default defineCommand({
  description:
    'Send a test through a notifier of devops.yaml, or through mailto:ADDRESS; without a name through all of devops.yaml. It is sent at once and does not wait anywhere: what fails is told.',
  examples: [
    { command: 'devops notify test', what: 'every notifier of devops.yaml' },
    { command: 'devops notify test mailto:ops@example.org', what: 'the mail server of DEVOPS_SMTP_URL, or sendmail' },
  ],
  define: (spec: Spec) => spec.argument('[name]', 'a notifier of devops.yaml, or mailto:ADDRESS'),
  shape: 'many',
  async *run(ctx, _options, name: string | undefined): AsyncGenerator<NotifierTest | FailedNotifierTest> {
    const { openSender } = await import('../../notify-session.ts');
    const { requireNotifiers } = await import('../../lib/notify/require-notifiers.ts');
    const { openNotifier } = await import('../../lib/notify/open-notifier.ts');
    const sender = await openSender(ctx);
    const names = name === undefined ? Object.keys(sender.notifiers) : [name];
    if (names.length === 0) {
      throw new UserError('devops.yaml has no notifiers', {
        code: 'usage',
        hints: ['add one below notify:, or test an address: devops notify test mailto:ops@example.org'],
      });
    }
    requireNotifiers(names, sender.notifiers);
    const { newRunId } = await import('../../lib/jobs/run-id.ts');
    for (const each of names) {
      const began = ctx.monotonic();
      try {
        const notifier = await openNotifier(each, { ...sender, settings: sender.notifiers, now: () => ctx.now() });
        await notifier.deliver(testAlert(newRunId(), sender.hostname), { signal: ctx.signal, deadlineSeconds });
        const seconds = Math.round((ctx.monotonic() - began) * 1000) / 1000;
        yield { notifier: each, kind: notifier.kind satisfies Notifier['kind'], seconds };
      } catch (error) {
        yield { subject: each, error: failureOf(error) };
      }
    }
  },
  columns: [
    { name: 'notifier', value: (test) => ('notifier' in test ? test.notifier : test.subject) },
    { name: 'kind', value: (test) => ('notifier' in test ? test.kind : undefined) },
    { name: 'seconds', value: (test) => ('notifier' in test ? test.seconds : undefined), align: 'right' },
  ],
  verdicts: (test) =>
    'notifier' in test
      ? [{ status: 'ok', subject: test.notifier, code: 'delivered', message: `took the test in ${test.seconds}s` }]
      : [],
});

function testAlert(id: string, host: string): Alert {
  const parts = { kind: 'test', severity: 'ok', job: 'notify-test', host, subjects: [], moreSubjects: 0 } as const;
  return { ...parts, id, title: alertTitle(parts) };
}

function failureOf(error: unknown): ItemError {
  if (error instanceof DeliveryFailure)
    return { code: error.permanent ? 'refused' : 'network', message: error.message };
  if (!(error instanceof UserError)) throw error;
  const hint = error.hints.join('; ');
  return { code: error.code, message: error.message, ...(hint === '' ? {} : { hint }) };
}
