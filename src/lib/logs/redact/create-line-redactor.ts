import { bearerWords, createBearerRedactor } from './bearer.ts';
import { createKeyBlockRedactor } from './key-block.ts';
import { createTokenRedactor, tokenBeginnings } from './known-token.ts';
import { redactMailAddresses } from './mail-address.ts';
import { createPairRedactor, pairWords } from './secret-pair.ts';
import { redactSpoken, spokenWords } from './spoken-secret.ts';
import { redactUrlPasswords } from './url-password.ts';

/**
 * A function that masks secrets in the lines of one log, which it takes in their order: private keys reach over lines.
 *
 * Masked with `[redacted]`: what follows `Bearer` and `Basic`, tokens known by their shape (JWT, AWS, GitHub, GitLab,
 * Slack, Stripe, Google, npm ...), private keys, values of telling names (`api_key=`, `"password":`, `token: `, also in
 * colours, and as `--password x` or `IDENTIFIED BY 'x'`), cookies
 * and session identifiers, passwords in URLs, and mail addresses. Left alone: times, levels, addresses of networks,
 * paths, versions, UUIDs and hashes, unless a telling name stands before them; a secret without such a name and without
 * a known shape cannot be told from a hash. When in doubt, a value is masked.
 *
 * Masking twice changes nothing. Time is linear: an ordinary line costs a few quick looks, about 1 µs for 130 characters,
 * one with secrets about 2 µs, and a hostile one of 10 MB a second.
 */
export function createLineRedactor(): (line: string) => string {
  const keyBlock = createKeyBlockRedactor();
  const redactTokens = createTokenRedactor();
  const redactBearer = createBearerRedactor();
  const redactPairs = createPairRedactor();
  return (line) => {
    let text = line;
    if (keyBlock.inside() || text.includes('PRIVATE KEY')) text = keyBlock.redact(text);
    const hasAt = text.includes('@');
    if (tokenBeginnings.test(text)) text = redactTokens(text);
    if (hasAt && text.includes('://')) text = redactUrlPasswords(text);
    if (bearerWords.test(text)) text = redactBearer(text);
    if (pairWords.test(text)) text = redactPairs(text);
    if (spokenWords.test(text)) text = redactSpoken(text);
    return hasAt ? redactMailAddresses(text) : text;
  };
}
