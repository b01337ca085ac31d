import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '../harness.ts';
import { findProgram } from '../programs.ts';
import type { Estate } from './endpoints.ts';

/**
 * Has the openssl program check one of the certificates by its strict rules: a bench of certificates that are wrong
 * would measure how fast they are refused. One line of what it says; throws when it refuses.
 */
export function verifyWithOpenssl({ sites, endpoints }: Estate, root: string, folder: string): string {
  const openssl = findProgram('openssl', environment);
  if (openssl === undefined) return 'not verified, openssl is missing';
  const file = join(folder, 'verified.pem');
  writeFileSync(file, sites[0]!.identity.certificate);
  const rules = ['-x509_strict', '-purpose', 'sslserver', '-verify_ip', endpoints[0]!.address];
  const argv = ['verify', ...rules, '-CAfile', root, '-untrusted', file, file];
  const answer = spawnSync(openssl, argv, { env: environment, encoding: 'utf8' });
  if (answer.status !== 0) throw new Error(`openssl verify refuses the bench's certificates: ${answer.stderr.trim()}`);
  return 'one verified by openssl';
}
