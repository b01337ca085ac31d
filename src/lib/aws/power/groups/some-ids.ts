/** `i-1, i-2`, or the first three of more: a line for people has no room for hundreds. */
export function someIds(rows: readonly { id: string }[]): string {
  const first = rows.slice(0, 3).map(({ id }) => id);
  return rows.length > 3 ? `${first.join(', ')} and ${rows.length - 3} more` : first.join(', ');
}
