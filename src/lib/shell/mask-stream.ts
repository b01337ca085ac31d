import { formsOf, replaceSpans, spansOf } from './mask-secrets.ts';

/** Masks secrets in output that passes by. */
export interface StreamMask {
  /** What of the output so far can be told: an end that may be the beginning of a secret is held back. */
  push(piece: Buffer): Buffer;
  /** What was held back, when nothing more comes. */
  end(): Buffer;
}

/** So often the longest secret is held back at most: output that is nothing but the secret again and again. */
const mostHeld = 4;

/**
 * Masks the given secrets, in the ways of `maskSecrets`, also where one is cut by the end of a piece; every other byte
 * stays what it is, whatever the encoding. Unlike a report it is a stream, so what only looks like a password stays.
 * Undefined where there is nothing to mask.
 */
export function createStreamMask(secrets: readonly string[]): StreamMask | undefined {
  // As bytes: one character of latin1 is one byte.
  const forms = new Set([...formsOf(secrets)].map((form) => Buffer.from(form).toString('latin1')));
  if (forms.size === 0) return undefined;
  const longest = Math.max(...[...forms].map(({ length }) => length));
  let held = '';
  return {
    push(piece) {
      const text = held + piece.toString('latin1');
      const spans = spansOf(text, forms);
      let told = text.length - lengthOfBeginning(text, forms, longest);
      const cut = spans.find(([start, end]) => start < told && told < end);
      // The whole of it or nothing: half of one that overlaps another would be neither.
      if (cut !== undefined) told = text.length - cut[0] > mostHeld * longest ? cut[1] : cut[0];
      held = text.slice(told);
      return masked(
        text.slice(0, told),
        spans.filter(([, end]) => end <= told),
      );
    },
    end() {
      const text = held;
      held = '';
      return masked(text, spansOf(text, forms));
    },
  };
}

function masked(text: string, spans: ReturnType<typeof spansOf>): Buffer {
  return Buffer.from(replaceSpans(text, spans), 'latin1');
}

/** How much of the end of a text is the beginning of one of the forms, which may be completed by what comes. */
function lengthOfBeginning(text: string, forms: ReadonlySet<string>, longest: number): number {
  for (let length = Math.min(longest - 1, text.length); length > 0; length--) {
    const end = text.slice(text.length - length);
    for (const form of forms) if (form.length > length && form.startsWith(end)) return length;
  }
  return 0;
}
