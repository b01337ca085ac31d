import { mask, redactText } from '../log/redact.ts';

/** Shorter ones would mask half of every text, and are none. */
const shortestSecret = 4;

/**
 * Text that leaves the machine in a report: the given secrets are masked wherever they stand, as they are, in base64
 * (also inside of something longer, such as `user:secret`), percent-encoded and as in JSON; of a secret of several lines
 * each line too. Then whatever else looks like a password, see `redactText`. Secrets of less than 4 characters are no
 * secrets and stay.
 */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  return redactText(replaceSpans(text, spansOf(text, formsOf(secrets))));
}

/** From the first character to the one behind the last. */
export type Span = [start: number, end: number];

/** Where one of the forms stands, in order and without overlap: parts of two that overlap are both hidden. */
export function spansOf(text: string, forms: ReadonlySet<string>): Span[] {
  const spans: Span[] = [];
  for (const form of forms) {
    let last: Span | undefined;
    for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) {
      if (last !== undefined && at <= last[1]) last[1] = at + form.length;
      else spans.push((last = [at, at + form.length]));
    }
  }
  spans.sort((one, other) => one[0] - other[0]);
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last !== undefined && span[0] < last[1]) last[1] = Math.max(last[1], span[1]);
    else merged.push(span);
  }
  return merged;
}

export function replaceSpans(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const [start, end] of spans) {
    parts.push(text.slice(done, start), mask);
    done = end;
  }
  return parts.join('') + text.slice(done);
}

/** All ways in which one of them is written. */
export function formsOf(secrets: readonly string[]): Set<string> {
  const forms = new Set<string>();
  for (const secret of secrets) {
    const lines = secret.split(/\r?\n/).map((line) => line.trim());
    for (const value of [secret, secret.trim(), ...lines]) {
      if (value.trim().length < shortestSecret) continue;
      for (const form of [value, ...base64Forms(value), ...percentForms(value), jsonForm(value)]) forms.add(form);
    }
  }
  return forms;
}

/**
 * In base64 (RFC 4648, both alphabets) three bytes are four characters, so inside of something longer there are three
 * ways to write the same bytes; the characters at both ends that others have a part in are left off.
 */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  const whole = bytes.toString('base64');
  const forms = [whole];
  for (const shift of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const core = shifted.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    if (core.length > shortestSecret) forms.push(core);
  }
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}

function percentForms(value: string): string[] {
  // toWellFormed, because half of a surrogate pair cannot be encoded.
  const encoded = encodeURIComponent(value.toWellFormed());
  // RFC 3986 counts these as reserved, and most others encode them.
  const strict = encoded.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const forms = [encoded, strict, encodeURI(value.toWellFormed())];
  return forms.flatMap((form) => [
    form,
    form.replaceAll('%20', '+'),
    form.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
  ]);
}

function jsonForm(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}
