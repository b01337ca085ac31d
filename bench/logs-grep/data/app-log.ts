import {
  debugMessages,
  errorMessages,
  infoMessages,
  rareMessages,
  warnMessages,
  type AppMessage,
} from './app-messages.ts';
import { appendBytes, appendHex, appendNumber, appendPadded, appendTimeOfDay, type LineBlock } from './line-block.ts';
import type { Random } from './random.ts';
import { day, needle, type DayLog } from './write-day.ts';

interface Piece {
  /** From the level to the trace identity. */
  head: Buffer[];
  /** Numbers go between them. */
  texts: Buffer[];
  trace: Buffer;
}

const dayBytes = Buffer.from(`${day} `);
const identity = Buffer.from(' - [');
const identityEnd = Buffer.from('] ');
const threads = Array.from({ length: 8 }, (_, index) => `http-nio-8080-exec-${index + 1}`);

/** A frequent kind stands in many of these 4096 places: 67 % INFO, 24 % DEBUG, 8 % WARN, 0.12 % ERROR. */
const frequent = spread([
  [errorMessages, 5],
  [warnMessages, 320],
  [debugMessages, 1000],
  [infoMessages, 2771],
]);
const rare = rareMessages.map(pieceOf);
const needlePiece = pieceOf({
  level: 'ERROR',
  logger: 'c.e.payment.Gateway',
  text: `acquirer answered ${needle} to payment #`,
});

/** What a Java service writes: `2026-01-14 13:05:07.123 WARN  [thread] logger - [trace] text`, and stack traces. */
export const appLog: DayLog = {
  seed: 0x1f123bb5,
  event(block, millisecond, random) {
    const draw = random();
    // Of the 20 bits that do not choose a frequent kind, one value in 2^17 makes a rare one.
    const isRare = ((draw >>> 12) & 0x1ffff) === 0;
    const piece = isRare ? rare[(draw & 4095) % rare.length]! : frequent[draw & 4095]!;
    append(block, millisecond, piece, random);
  },
  needle: (block, millisecond, random) => append(block, millisecond, needlePiece, random),
};

function append(block: LineBlock, millisecond: number, { head, texts, trace }: Piece, random: Random): void {
  appendBytes(block, dayBytes);
  appendTimeOfDay(block, Math.floor(millisecond / 1000));
  block.bytes[block.end++] = 0x2e;
  appendPadded(block, millisecond % 1000, 3);
  const draw = random();
  appendBytes(block, head[draw & 7]!);
  appendBytes(block, identity);
  appendHex(block, draw);
  appendHex(block, random());
  appendBytes(block, identityEnd);
  appendBytes(block, texts[0]!);
  for (let index = 1; index < texts.length; index++) {
    appendNumber(block, (random() >>> 8) % 10_000);
    appendBytes(block, texts[index]!);
  }
  block.bytes[block.end++] = 0x0a;
  appendBytes(block, trace);
}

function pieceOf({ level, logger, text, trace = 0 }: AppMessage): Piece {
  return {
    head: threads.map((thread) => Buffer.from(` ${level.padEnd(5)} [${thread}] ${logger}`)),
    texts: text.split('#').map((part) => Buffer.from(part)),
    trace: Buffer.from(traceLines(trace, logger)),
  };
}

function traceLines(count: number, logger: string): string {
  if (count === 0) return '';
  const frames = Array.from({ length: count - 2 }, (_, index) => {
    return `\tat com.example.${logger.slice(4)}.step${index}(${logger.split('.').at(-1)}.java:${40 + index * 13})\n`;
  });
  const cause = 'Caused by: java.net.SocketTimeoutException: Read timed out\n';
  return `java.lang.IllegalStateException: not in this state\n${frames.join('')}${cause}`;
}

function spread(kinds: readonly (readonly [readonly AppMessage[], number])[]): Piece[] {
  return kinds.flatMap(([messages, places]) => {
    const pieces = messages.map(pieceOf);
    return Array.from({ length: places }, (_, index) => pieces[index % pieces.length]!);
  });
}
