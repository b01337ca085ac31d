/** The last `cells` values as a line of small bars between 0 and `maximum`; a missing value is a gap. */
export function sparkline(
  values: readonly (number | undefined)[],
  cells: number,
  maximum: number,
  unicode: boolean,
): string {
  const steps = unicode ? '▁▂▃▄▅▆▇█' : '_.-=+*#@';
  if (cells < 1) return '';
  const shown = values.slice(-cells);
  const line = shown.map((value) => {
    if (value === undefined || !Number.isFinite(value)) return ' ';
    const share = !(maximum > 0) ? 0 : Math.min(1, Math.max(0, value / maximum));
    return steps[Math.min(steps.length - 1, Math.floor(share * steps.length))]!;
  });
  return ' '.repeat(Math.max(0, cells - shown.length)) + line.join('');
}
