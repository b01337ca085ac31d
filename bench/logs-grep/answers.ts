import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';

/** What an output says, by what is compared. */
export type Answers = Readonly<Record<string, string>>;

/** The output byte for byte. */
export async function sameBytes(path: string): Promise<Answers> {
  const hash = createHash('md5');
  let lines = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, at + 1)) lines++;
  }
  return { lines: String(lines), md5: hash.digest('hex') };
}

/** The number that `-c` prints. */
export function printedCount(path: string): Answers {
  return { counted: readFileSync(path, 'utf8').trim() };
}

/** What was said first, and by which command. */
export type References = Map<string, { answer: string; command: string }>;

/**
 * The sentence about the first thing that `command` says otherwise than those before it, or undefined. What nobody said
 * before is noted.
 */
export function disagreement(answers: Answers, command: string, references: References): string | undefined {
  for (const [name, answer] of Object.entries(answers)) {
    const reference = references.get(name);
    if (reference === undefined) references.set(name, { answer, command });
    else if (reference.answer !== answer) {
      return `${name}: ${answer} here, ${reference.answer} by ${reference.command}`;
    }
  }
  return undefined;
}
