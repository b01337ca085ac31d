/** Stands for the matcher of the patterns of a search. */
export function compile(pattern: string): (text: string) => boolean {
  const expression = new RegExp(pattern);
  return (text) => expression.test(text);
}
