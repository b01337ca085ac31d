/** Endings of field names that say what a number counts, the longer ones first, and their words for a table. */
const units: readonly (readonly [ending: RegExp, unit: string])[] = [
  [/_bytes_per_second$/, 'bytes/s'],
  [/_bits_per_second$/, 'bits/s'],
  [/_per_second$/, '1/s'],
  [/_bytes$/, 'bytes'],
  [/_pct$/, '%'],
  [/_ms$/, 'ms'],
  [/(^|_)seconds$/, 's'],
  [/_mhz$/, 'MHz'],
  [/_cores$/, 'cores'],
  [/(^|_)celsius$/, '°C'],
  [/(^|_)rpm$/, 'rpm'],
];

/** The unit that a field's name ends with, or undefined. */
export function unitOfName(name: string): string | undefined {
  return units.find(([ending]) => ending.test(name))?.[1];
}
