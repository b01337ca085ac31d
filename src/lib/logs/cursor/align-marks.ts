/**
 * Pairs marks with files so that the order of both is kept and the sum of the scores is the largest; both stand the
 * oldest first, and a score of 0 is no pair. Between equals the older file and the newer mark are taken: a header that
 * all files share stands in the new one, too. Returned is the index of the file by that of its mark.
 */
export function alignMarks(scores: readonly (readonly number[])[], files: number): Map<number, number> {
  const best = [Array<number>(files + 1).fill(0)];
  for (const [mark, row] of scores.entries()) {
    const line = [0];
    for (let file = 0; file < files; file++) {
      const paired = (row[file] ?? 0) > 0 ? best[mark]![file]! + row[file]! : 0;
      line.push(Math.max(paired, best[mark]![file + 1]!, line[file]!));
    }
    best.push(line);
  }
  const pairs = new Map<number, number>();
  let [mark, file] = [scores.length, files];
  while (mark > 0 && file > 0) {
    const value = best[mark]![file]!;
    const score = scores[mark - 1]![file - 1] ?? 0;
    if (value === best[mark]![file - 1]) file--;
    else if (score > 0 && value === best[mark - 1]![file - 1]! + score) pairs.set(--mark, --file);
    else mark--;
  }
  return pairs;
}
