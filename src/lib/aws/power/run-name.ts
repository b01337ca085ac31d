import { randomName } from '../../files/random-name.ts';

/** `20261120T190000Z-x7k2`: when a run was started, and four letters for two of one second. */
export function runName(now: Date): string {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const letters = Number.parseInt(randomName().slice(0, 8), 16).toString(36).padStart(4, '0').slice(-4);
  return `${time}-${letters}`;
}
