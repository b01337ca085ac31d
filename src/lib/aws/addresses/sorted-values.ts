import { type AddressKey, compareKeys } from './address-key.ts';

/** In the order of their addresses; of one address, in the order in which they came. */
export function sortedValues<Value>(entries: readonly { key: AddressKey; value: Value }[]): Value[] {
  return entries.toSorted((a, b) => compareKeys(a.key, b.key)).map(({ value }) => value);
}
