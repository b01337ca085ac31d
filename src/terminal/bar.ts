/** A bar of this many cells, filled to a share from 0 to 1, empty for NaN; eighths of a cell where the locale can show them. */
export function bar(share: number, cells: number, unicode: boolean): { filled: string; empty: string } {
  const clamped = Number.isNaN(share) ? 0 : Math.min(1, Math.max(0, share));
  if (!unicode) {
    const full = Math.round(clamped * cells);
    return { filled: '#'.repeat(full), empty: '.'.repeat(cells - full) };
  }
  const eighths = Math.round(clamped * cells * 8);
  const full = Math.floor(eighths / 8);
  const part = eighths % 8 === 0 ? '' : ' ▏▎▍▌▋▊▉'[eighths % 8]!;
  return { filled: '█'.repeat(full) + part, empty: '░'.repeat(cells - full - (part === '' ? 0 : 1)) };
}
