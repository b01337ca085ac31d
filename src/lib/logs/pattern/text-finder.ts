/** First place of a text at or behind `from`; -1 when there is none before the end of `bytes`. */
export type FindText = (bytes: Buffer, from: number) => number;

/** How common bytes are in logs, the most common first; any other is rarer. Counted in app, access and system logs. */
const commonBytes = ` e0t1ai2-no3sr4:5l6.d7c8p9/u"mhg=b[]fI_Nw,kyvFOARET()xDSCGjLMPWz{}qU'H@#K%&B+V;?X*<>Y|Q$J!Z~`;
/** Of so many bytes V8 looks for the first one with memchr(3) and compares; longer texts it takes a slower way. */
const anchorBytes = 6;
/** The anchor is given up when more of its places than this are others', at less than the gap from one to the next. */
const missesToJudge = 64;
const leastGap = 600;

/**
 * Looks for a text by its rarest byte and the few behind it: ten times as fast as for `E4471-UNREACHABLE` from its
 * front, because nearly no byte of a log is an H. Where that turns out to be common, it looks for the text as such.
 */
export function textFinder(text: Buffer): FindText {
  const start = rarestPlace(text);
  const anchor = text.subarray(start, start + anchorBytes);
  let misses = 0;
  let missedBytes = 0;
  let isCommon = anchor.length === text.length;
  return (bytes, from) => {
    if (isCommon) return bytes.indexOf(text, from);
    let at = from;
    for (;;) {
      const found = bytes.indexOf(anchor, at + start) - start;
      // Also what is less than -1: no anchor at all.
      if (found < 0) return -1;
      if (found + text.length <= bytes.length && standsAt(bytes, text, found)) return found;
      misses++;
      missedBytes += found + 1 - at;
      at = found + 1;
      if (misses < missesToJudge) continue;
      isCommon = missedBytes < misses * leastGap;
      if (isCommon) return bytes.indexOf(text, at);
      misses = 0;
      missedBytes = 0;
    }
  };
}

export function standsAt(bytes: Buffer, text: Buffer, at: number): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return false;
  return true;
}

/** Where the rarest byte of the text is, of those with two more behind them. */
function rarestPlace(text: Buffer): number {
  let rarest = 0;
  for (let at = 1; at <= text.length - 3; at++) if (rarity(text[at]!) > rarity(text[rarest]!)) rarest = at;
  return rarest;
}

function rarity(byte: number): number {
  const rank = commonBytes.indexOf(String.fromCharCode(byte));
  return rank === -1 ? commonBytes.length : rank;
}
