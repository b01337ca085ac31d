import { nearest } from '../errors/nearest.ts';
import { quoted } from '../text/quoted.ts';
import { requireMailAddress } from './mail-address.ts';
import { type TextMistake, textMistake } from './text-mistake.ts';

/** What of a configuration refers to something else in it. */
interface References {
  notify?: Readonly<Record<string, unknown>> | undefined;
  defaults?: Referrer | undefined;
  jobs?: Readonly<Record<string, Referrer>> | undefined;
}

interface Referrer {
  notify?: string | readonly string[] | undefined;
  overlap?: unknown;
  lock?: string | boolean | undefined;
}

/** Comparing each name with each would take long in a file that is not meant to be read. */
const mostHints = 50;

/** Every name of a notifier that is not there, and what contradicts each other, with its place. */
export function* crossMistakes(config: References): Generator<TextMistake & { path: PropertyKey[] }> {
  const known = Object.keys(config.notify ?? {});
  const referrers: [PropertyKey[], Referrer][] = [
    ...(config.defaults === undefined ? [] : [[['defaults'], config.defaults] as [PropertyKey[], Referrer]]),
    ...Object.entries(config.jobs ?? {}).map(([name, job]): [PropertyKey[], Referrer] => [['jobs', name], job]),
  ];
  let mistakes = 0;
  for (const [path, { notify = [], overlap, lock }] of referrers) {
    for (const [index, name] of (typeof notify === 'string' ? [notify] : notify).entries()) {
      const mistake = notifierMistake(name, known, mistakes < mostHints);
      if (mistake === undefined) continue;
      mistakes++;
      yield { ...mistake, path: [...path, 'notify', ...(typeof notify === 'string' ? [] : [index])] };
    }
    if (lock === false && overlap !== undefined) {
      yield {
        path: [...path, 'overlap'],
        message: 'without a lock, nobody can tell whether the run before is still there',
        hint: 'remove lock: false or overlap',
      };
    }
  }
}

function notifierMistake(name: string, known: readonly string[], compare: boolean): TextMistake | undefined {
  if (name.startsWith('mailto:')) return textMistake(() => requireMailAddress(name.slice('mailto:'.length)));
  if (known.includes(name)) return undefined;
  const near = compare ? nearest(name, known) : undefined;
  if (near !== undefined) {
    return { message: `${quoted(name)} is no notifier of this file`, hint: `did you mean '${near}'?` };
  }
  const hint = name.includes('@')
    ? `for a mail address write mailto:${name}`
    : `write it below notify: notify: { ${known.length === 0 ? 'ops' : 'NAME'}: { type: mail, to: [ops@example.org] } }`;
  const expected = known.length === 0 ? 'there is none' : `expected one of ${known.slice(0, 20).join(', ')}`;
  return { message: `${quoted(name)} is no notifier of this file, ${expected}`, hint };
}
