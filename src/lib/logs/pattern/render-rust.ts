import type { ByteRange, ByteSet } from './byte-set.ts';
import { complementOf, lineFeed, sizeOf, unionOf } from './byte-set.ts';
import type { Assertion, PatternNode } from './pattern.ts';

/** How Rust's regex crate writes them in byte mode; the halves and words' ends need its release 1.10 (ripgrep 14). */
const assertions: Readonly<Record<Assertion, string>> = {
  start: '^',
  end: '$',
  edge: String.raw`\b`,
  'no-edge': String.raw`\B`,
  'word-start': String.raw`\b{start}`,
  'word-end': String.raw`\b{end}`,
  'after-no-word': String.raw`\b{start-half}`,
  'before-no-word': String.raw`\b{end-half}`,
};

/**
 * The pattern in the syntax of Rust's regex crate for `rg --no-unicode -e`. It is written from the tree, so that nothing
 * is left to differences between the dialects: no flags, no groups with names, each set of bytes as such.
 */
export function renderRust(node: PatternNode): string {
  switch (node.kind) {
    case 'bytes':
      return renderSet(node.set);
    case 'assertion':
      return assertions[node.assertion];
    case 'sequence':
      return node.parts.map((part) => (part.kind === 'alternatives' ? group(part) : renderRust(part))).join('');
    case 'alternatives':
      return node.parts.map(renderRust).join('|');
    case 'repetition': {
      const part = node.part.kind === 'bytes' ? renderRust(node.part) : group(node.part);
      return `${part}${renderCount(node.minimum, node.maximum)}${node.lazy ? '?' : ''}`;
    }
  }
}

function group(node: PatternNode): string {
  return `(?:${renderRust(node)})`;
}

function renderCount(minimum: number, maximum: number | undefined): string {
  if (maximum === undefined) return minimum === 0 ? '*' : minimum === 1 ? '+' : `{${minimum},}`;
  if (minimum === 0 && maximum === 1) return '?';
  return minimum === maximum ? `{${minimum}}` : `{${minimum},${maximum}}`;
}

function renderSet(set: ByteSet): string {
  const [first] = set;
  if (sizeOf(set) === 1) return renderByte(first![0], false);
  // Written as what it leaves out, a large set stays short; the line feed was never in it.
  const excluded = complementOf(unionOf(set, [[lineFeed, lineFeed]]));
  if (excluded.length === 0) return '.';
  if (sizeOf(set) <= 128) return `[${set.map(renderRange).join('')}]`;
  return `[^${complementOf(set).map(renderRange).join('')}]`;
}

function renderRange([first, last]: ByteRange): string {
  if (first === last) return renderByte(first, true);
  return `${renderByte(first, true)}${last === first + 1 ? '' : '-'}${renderByte(last, true)}`;
}

function renderByte(byte: number, inClass: boolean): string {
  const character = String.fromCharCode(byte);
  if (/[A-Za-z0-9_]/.test(character)) return character;
  if (!inClass && /[\\.+*?()|[\]{}^$#&~-]/.test(character)) return `\\${character}`;
  if (!inClass && /[ -~]/.test(character)) return character;
  return `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
