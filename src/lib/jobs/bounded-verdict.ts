import type { Verdict } from '../results/verdict.ts';

/**
 * A judgement as it is kept and told: it came from another process, so each text is cut to what a message can show, and
 * what has no business there is left out.
 */
export function boundedVerdict({ status, subject, code, message, hint, event }: Verdict): Verdict {
  return {
    status,
    subject: cut(subject, 500),
    code: cut(code, 100),
    message: cut(message, 1000),
    ...(typeof hint === 'string' ? { hint: cut(hint, 500) } : {}),
    ...(typeof event === 'string' ? { event: cut(event, 2000) } : {}),
  };
}

/** The end is kept, because names that begin alike often differ there. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const tail = Math.floor(most / 4);
  return `${text.slice(0, most - tail - 1).toWellFormed()}…${text.slice(-tail).toWellFormed()}`;
}
