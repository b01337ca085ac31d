import type { FlushResult } from '../spool/flush-result.ts';
import type { SpoolEntry } from '../spool/entry.ts';
import { flush } from '../spool/flush.ts';
import type { Environment } from '../shell/find-program.ts';
import { UserError } from '../errors/user-error.ts';
import { DeliveryFailure, type Notifier } from './notifier.ts';
import type { NotifierSettings } from './settings.ts';
import { unknownNotifier } from './unknown-notifier.ts';

/** Who sends, and by which notifiers. */
export interface Sender {
  env: Environment;
  uid: number;
  pid: number;
  hostname: string;
  /** `notify` of devops.yaml, by name. */
  notifiers: Readonly<Record<string, NotifierSettings>>;
  /** Milliseconds since 1970. */
  now(): number;
}

export interface FlushWaitingOptions {
  signal: AbortSignal;
  deadlineSeconds: number;
  waitForLockSeconds?: number;
  only?: ReadonlySet<string>;
}

/** Delivers what waits in the spool by the notifiers that it waits for, see flush.ts. Throws UserError. */
export function flushWaiting(folder: string, sender: Sender, options: FlushWaitingOptions): Promise<FlushResult> {
  return flush(folder, {
    ...options,
    deliver: deliverBy(sender),
    now: () => Math.floor(sender.now() / 1000),
    env: sender.env,
    pid: sender.pid,
  });
}

/** Hands entries to their notifiers, each of which is opened once. */
export function deliverBy(
  sender: Sender,
): (entry: SpoolEntry, limits: { signal: AbortSignal; deadlineSeconds: number }) => Promise<void> {
  const opened = new Map<string, Promise<Notifier>>();
  const place = {
    env: sender.env,
    uid: sender.uid,
    settings: sender.notifiers,
    hostname: sender.hostname,
    now: () => new Date(sender.now()),
  };
  return async ({ to, content, recipients }, limits) => {
    if ('mail' in content) {
      const { openMailTransport } = await import('../mail/open-mail-transport.ts');
      const { deliverMail } = await import('../mail/deliver-mail.ts');
      const { transport } = await temporary(to, async () =>
        openMailTransport(mailSettings(to, sender.notifiers), { ...place, host: sender.hostname }),
      );
      const { mail } = content;
      await deliverMail(transport, recipients === undefined ? mail : { ...mail, to: recipients }, limits);
      return;
    }
    const { openNotifier } = await import('./open-notifier.ts');
    let notifier = opened.get(to);
    if (notifier === undefined) opened.set(to, (notifier = openNotifier(to, place)));
    const open = await temporary(to, () => notifier);
    await open.deliver(content.alert, recipients === undefined ? limits : { ...limits, recipients });
  };
}

/** What can be mended in devops.yaml or the environment may be mended before the next try. */
async function temporary<Value>(to: string, open: () => Promise<Value>): Promise<Value> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new DeliveryFailure(`${to === '' ? 'mail' : to}: ${error.message}`, { permanent: false, cause: error });
  }
}

function mailSettings(name: string, notifiers: Sender['notifiers']) {
  if (name === '') return undefined;
  const settings = notifiers[name];
  if (settings?.type === 'mail') return settings;
  // Not by another server: that would be another sender, and maybe without TLS.
  throw unknownNotifier(name, Object.keys(notifiers));
}
