import type { Threshold } from './threshold.ts';

const units: readonly [string, number][] = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
];

/** A threshold as it can be typed: `30d,25%`, `36h`; `0` is the one that never alarms. */
export function formatThreshold(threshold: Threshold): string {
  if (threshold.length === 0) return '0';
  return threshold
    .map((window) => ('percent' in window ? `${window.percent}%` : formatSeconds(window.seconds)))
    .join(',');
}

/** In the largest unit of which it is a whole number: the exact value, unlike that of a screen. */
function formatSeconds(seconds: number): string {
  const [unit, size] = units.find(([, length]) => seconds % length === 0) ?? ['s', 1];
  return `${seconds / size}${unit}`;
}
