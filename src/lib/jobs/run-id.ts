import { randomName } from '../files/random-name.ts';

/** A version 4 UUID (RFC 9562): healthchecks and mail readers know the form. */
export function newRunId(): string {
  const digits = randomName();
  const variant = '89ab'[Number.parseInt(digits[16]!, 16) % 4]!;
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-');
}
