import { unknownNotifier } from './unknown-notifier.ts';
import type { NotifierSettings } from './settings.ts';

/** Throws UserError for a name that is no notifier, before the first alert finds it. */
export function requireNotifiers(
  names: readonly string[],
  notifiers: Readonly<Record<string, NotifierSettings>>,
): void {
  for (const name of names) {
    if (/^mailto:/i.test(name) || Object.hasOwn(notifiers, name)) continue;
    throw unknownNotifier(name, Object.keys(notifiers));
  }
}
