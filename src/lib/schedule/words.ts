import { type Mistake, mistakeIn } from './mistake.ts';

export type WordKind = 'preset' | 'letters' | 'time' | 'dash' | 'comma' | 'end';

export interface Word {
  kind: WordKind;
  /** In lower case. */
  text: string;
  /** Of its first character. */
  offset: number;
}

export const presetNames = ['weekend', 'nights', 'office-hours'] as const;
export type PresetName = (typeof presetNames)[number];

export const example =
  "write weekend, nights, office-hours, 'Fri 19:00 - Mon 07:00', '19:00 - 07:00' or 'Mon-Fri 09:00 - 17:30'";

/** Far beyond any schedule that a person writes. */
const longestText = 1000;

/** The words of a schedule, and an `end` behind them. Throws a UserError (usage) at the first character that is none. */
export function splitWords(text: string): Word[] {
  const fail = (mistake: Mistake): never => {
    throw mistakeIn('schedule', text, mistake);
  };
  if (text.length > longestText) {
    fail({ offset: 0, message: `it is longer than ${longestText} characters`, hint: example });
  }
  // A plus joins the parts of a schedule's name, so that a name can be typed again. A time takes all that looks like
  // one along, for whoever reads it can tell better what is wrong with it.
  const word =
    /(?<preset>(?:weekend|nights|office-hours)(?![a-z-]))|(?<time>\d+(?:[:.]\d*)*(?:\s?[ap]m(?![a-z]))?)|(?<letters>[a-z]+)|(?<dash>[-\u2010-\u2015\u2212])|(?<comma>[,+])/iy;
  const words: Word[] = [];
  let offset = skipSpace(text, 0);
  while (offset < text.length) {
    word.lastIndex = offset;
    const groups = word.exec(text)?.groups;
    if (groups === undefined) {
      const character = JSON.stringify(String.fromCodePoint(text.codePointAt(offset)!));
      return fail({ offset, message: `${character} has no meaning here`, hint: example });
    }
    const kind = (['preset', 'time', 'letters', 'dash', 'comma'] as const).find((name) => groups[name] !== undefined)!;
    words.push({ kind, text: groups[kind]!.toLowerCase(), offset });
    offset = skipSpace(text, word.lastIndex);
  }
  return [...words, { kind: 'end', text: '', offset: text.length }];
}

function skipSpace(text: string, from: number): number {
  let offset = from;
  while (offset < text.length && /\s/.test(text[offset]!)) offset++;
  return offset;
}
