import { afterAll, beforeAll } from 'vitest';
import type { CertificateCheck } from '../../src/lib/tls/certificate-check.ts';
import { type RealRunOptions, runRealDevops } from '../support/run-real-devops.ts';
import { requireProgram } from '../support/services.ts';
import { type ServerPark, serverPark } from '../support/tls/test-server.ts';
import { type Issued, openWorkshop, type Workshop } from '../support/tls/workshop.ts';

/** Without it the tests of a file with certificates are skipped. */
export const openssl = requireProgram('openssl', 'the command line of ssl-expiry is not tried with certificates');

/** A workshop with one authority, and the servers of one test file. */
export interface CertificateShop {
  workshop: Workshop;
  servers: ServerPark;
  root: Issued;
  intermediate: Issued;
  /** `devops ssl-expiry` with these words in this process, in the workshop's folder; the root is trusted. */
  run(words: readonly string[], options?: RealRunOptions): Promise<{ code: number; stdout: string; stderr: string }>;
  /** The records of such a run. */
  records(words: readonly string[], options?: RealRunOptions): Promise<CertificateCheck[]>;
}

/** Opens the shop before the tests of a file, and ends all that is in it after them. */
export function useCertificateShop(name: string): CertificateShop {
  const workshop = openWorkshop(name);
  const run: CertificateShop['run'] = (words, options = {}) =>
    runSslExpiry(workshop.folder, words, {
      ...options,
      env: { SSL_CERT_FILE: shop.root.certificateFile, ...options.env },
    });
  const shop: CertificateShop = {
    workshop,
    servers: serverPark(),
    root: undefined as unknown as Issued,
    intermediate: undefined as unknown as Issued,
    run,
    async records(words, options) {
      const { stdout, stderr } = await run([...words, '-o', 'json'], options);
      if (stdout === '') throw new Error(stderr);
      return JSON.parse(stdout) as CertificateCheck[];
    },
  };
  beforeAll(async () => {
    if (openssl === undefined) return;
    shop.root = await workshop.authority('Test Root');
    shop.intermediate = await workshop.authority('Test Intermediate', { issuer: shop.root });
  });
  afterAll(async () => {
    await shop.servers.close();
    workshop.close();
  });
  return shop;
}

/** `devops ssl-expiry` without the state, configuration or environment of this machine. */
export function runSslExpiry(folder: string, words: readonly string[], options: RealRunOptions = {}) {
  return runRealDevops(['ssl-expiry', ...words], {
    cwd: folder,
    homeDirectory: folder,
    ...options,
    env: { PATH: '/usr/bin:/bin', STATE_DIRECTORY: folder, CACHE_DIRECTORY: folder, LANG: 'C.UTF-8', ...options.env },
  });
}
