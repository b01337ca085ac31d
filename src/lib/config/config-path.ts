import { quoted } from '../text/quoted.ts';

/** The way to a value as people write it: `sysinfo.rules[0].if`; a key that is no plain word is put in quotes. */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(String(step))) text += text === '' ? String(step) : `.${String(step)}`;
    else text += `[${quoted(String(step))}]`;
  }
  return text;
}
