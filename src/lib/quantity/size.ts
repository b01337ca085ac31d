import { UserError } from '../errors/user-error.ts';

const exponentOf: Record<string, number> = { '': 0, k: 1, m: 2, g: 3, t: 4, p: 5 };

/**
 * Bytes of a size as people type it: `10MiB` and `10M` are powers of 1024 (as tar, df and systemd read a bare letter),
 * `1.5GB` is a power of 1000, `512` and `512B` are bytes.
 */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(?:([kmgtp])(i?b)?|b)?$/i.exec(text);
  const base = match?.[3]?.toLowerCase() === 'b' ? 1000 : 1024;
  const exponent = exponentOf[match?.[2]?.toLowerCase() ?? '']!;
  const bytes = Math.round(Number(match?.[1]) * base ** exponent);
  if (!Number.isFinite(bytes)) {
    throw new UserError(`'${text}' is not a size`, {
      code: 'usage',
      hints: ['write a number and a unit, such as 512, 10MiB (10 x 1024 x 1024) or 1.5GB (1.5 x 1000 x 1000 x 1000)'],
    });
  }
  return bytes;
}

/** A size for a screen, in powers of 1024 with three significant digits: `931 MiB`, `1.42 GiB`. */
export function formatSize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
  let value = bytes;
  let unit = 0;
  // 999.5 would round up to four digits.
  while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  if (unit === 0) return `${Math.round(value)} B`;
  const digits = Math.abs(value) < 9.995 ? 2 : Math.abs(value) < 99.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}
