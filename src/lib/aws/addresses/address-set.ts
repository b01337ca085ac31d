import { type AddressKey, ipv4Text } from './address-key.ts';

/** Addresses, each once. An IPv4 one is kept as a number, so that ten thousand of them are next to nothing. */
export interface AddressSet {
  add(text: string, key: AddressKey): void;
  size(): number;
  /** By number, IPv4 before IPv6. */
  sorted(): string[];
}

export function createAddressSet(): AddressSet {
  const numbers = new Set<number>();
  const texts = new Map<string, string>();
  return {
    add(text, key) {
      if (typeof key === 'number') numbers.add(key);
      else texts.set(key, text);
    },
    size: () => numbers.size + texts.size,
    sorted() {
      const lines = Array.from(Float64Array.from(numbers).toSorted(), ipv4Text);
      for (const key of [...texts.keys()].toSorted()) lines.push(texts.get(key)!);
      return lines;
    },
  };
}
