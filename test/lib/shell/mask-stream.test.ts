import { describe, expect, test } from 'vitest';
import { createStreamMask } from '../../../src/lib/shell/mask-stream.ts';

/** What is told of pieces, each byte of it a character. */
function masked(secrets: readonly string[], pieces: readonly (string | Buffer)[]): string {
  const mask = createStreamMask(secrets)!;
  const told = pieces.map((piece) => mask.push(Buffer.from(piece as string)));
  return Buffer.concat([...told, mask.end()]).toString('latin1');
}

describe('secrets in a stream', () => {
  const secret = 'correct-horse battery';

  test('are masked wherever the stream is cut', () => {
    const text = `before ${secret} after, ${Buffer.from(secret).toString('base64')}, correct-horse`;
    const expected = 'before [redacted] after, [redacted], correct-horse';
    for (let at = 0; at <= text.length; at++) {
      expect(masked([secret], [text.slice(0, at), text.slice(at)])).toBe(expected);
    }
    expect(masked([secret], text.split(''))).toBe(expected);
  });

  test('are held back only where their beginning stands', () => {
    const mask = createStreamMask([secret])!;
    expect(mask.push(Buffer.from('a prompt: ')).toString()).toBe('a prompt: ');
    expect(mask.push(Buffer.from('it is corr')).toString()).toBe('it is ');
    expect(mask.push(Buffer.from('ect\n')).toString()).toBe('correct\n');
  });

  test('that overlap are hidden as a whole', () => {
    for (let at = 0; at <= 10; at++) {
      const text = '<abcdefgh>';
      expect(masked(['abcdef', 'defgh'], [text.slice(0, at), text.slice(at)])).toBe('<[redacted]>');
    }
  });

  test('leave every other byte what it is', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    expect(masked([secret], [bytes, bytes])).toBe(Buffer.concat([bytes, bytes]).toString('latin1'));
    expect(masked(['pässwörd'], ['der pässwörd hier'])).toBe('der [redacted] hier');
  });

  test('of several lines are masked line by line', () => {
    expect(masked(['first line\nsecond line'], ['  first line\n  second line\n'])).toBe('  [redacted]\n  [redacted]\n');
  });

  test('take no more memory for a stream that is nothing but the secret', () => {
    const mask = createStreamMask(['aaaa'])!;
    let told = 0;
    for (let count = 0; count < 1000; count++) told += mask.push(Buffer.from('a'.repeat(1000))).length;
    told += mask.end().length;
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThan(50_000);
  });

  test('that are none leave nothing to do', () => {
    expect(createStreamMask([])).toBeUndefined();
    expect(createStreamMask(['abc'])).toBeUndefined();
  });
});
