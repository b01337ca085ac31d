/**
 * What `H` is made from: the same job has the same minute on one machine for ever, and another one on the next.
 * `host` is what gethostname(2) says.
 */
export function scheduleSeed(job: string, host: string): string {
  return `${job}\n${host}`;
}

/**
 * A number from 0 to `below - 1`, always the same for a seed: FNV-1a over its UTF-16 code units, then the finalizer of
 * MurmurHash3, for FNV alone moves little when the last character changes, and hosts are called web1, web2, web3.
 */
export function hashValue(seed: string, below: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < seed.length; index++) hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % below;
}
