import { parseMailto } from '../mail/mailto.ts';
import { unknownNotifier } from './unknown-notifier.ts';
import type { NotifierSettings } from './settings.ts';

/** Throws UserError for a name that is no notifier, before the first alert finds it. */
export function requireNotifiers(
  names: readonly string[],
  notifiers: Readonly<Record<string, NotifierSettings>>,
): void {
  for (const name of names) {
    if (Object.hasOwn(notifiers, name)) continue;
    if (/^mailto:/i.test(name)) parseMailto(name);
    else throw unknownNotifier(name, Object.keys(notifiers));
  }
}
