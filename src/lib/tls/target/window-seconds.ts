import type { Threshold } from './threshold.ts';

/**
 * How many seconds before its end a certificate that lives for `lifetimeSeconds` crosses the threshold: the smallest of
 * the windows. Undefined when the threshold is switched off.
 */
export function windowSeconds(threshold: Threshold, lifetimeSeconds: number): number | undefined {
  let smallest: number | undefined;
  for (const window of threshold) {
    // A certificate that ends before it begins has no life to take a share of.
    const seconds = 'percent' in window ? (Math.max(0, lifetimeSeconds) * window.percent) / 100 : window.seconds;
    if (smallest === undefined || seconds < smallest) smallest = seconds;
  }
  return smallest;
}
