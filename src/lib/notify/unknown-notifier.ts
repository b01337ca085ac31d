import { nearest } from '../errors/nearest.ts';
import { UserError } from '../errors/user-error.ts';
import { quoted } from '../text/quoted.ts';

/** That no notifier has this name, with the one that was meant. */
export function unknownNotifier(name: string, known: readonly string[]): UserError {
  return new UserError(`there is no notifier ${quoted(name)}`, { code: 'usage', hints: [hintFor(name, known)] });
}

function hintFor(name: string, known: readonly string[]): string {
  if (name.length <= 1000) {
    if (/^[^\s@:/]+@[^\s@:/]+$/.test(name)) return `for an address write ${quoted(`mailto:${name}`)}`;
    if (/^https?:/i.test(name)) return 'a URL needs an entry of its own below notify in devops.yaml';
    const near = nearest(name.slice(0, 200), known);
    if (near !== undefined) return `did you mean ${quoted(near)}?`;
  }
  const shown = known.slice(0, 20).map(quoted).join(', ');
  if (shown !== '') return `known are ${shown}${known.length > 20 ? ' and others' : ''}, and mailto:ops@example.org`;
  return 'write mailto:ops@example.org, or name one below notify in devops.yaml';
}
