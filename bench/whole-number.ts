/** The value of an option that wants a number of 1 or more; `otherwise` when the option was not given. */
export function wholeNumber(option: string, value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (typeof value === 'string' && /^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new Error(`${option} wants a whole number from 1 to 999999, not ${JSON.stringify(value)}`);
}
