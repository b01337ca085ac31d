import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  CertificateCheck,
  EndpointFacts,
  Finding,
  FindingCode,
  Severity,
} from '../../src/lib/tls/certificate-check.ts';
import type { Status } from '../../src/lib/results/verdict.ts';
import { runRealDevops } from '../support/run-real-devops.ts';
import { requireProgram } from '../support/services.ts';
import { startNginx, type NginxSite } from '../support/tls/nginx-server.ts';
import { datesByOpenssl } from '../support/tls/run-openssl.ts';
import { type ServerPark, serverPark } from '../support/tls/test-server.ts';
import { type Issued, openWorkshop, type Workshop } from '../support/tls/workshop.ts';

/** What one target must come to: nothing more and nothing less. */
export interface Expected {
  status: Status;
  /** All of them, notes included: `expired critical 1` with the certificate's number where it can be any of the chain. */
  findings: readonly string[];
  /** The certificate whose end is told; undefined: no date can be had. */
  expires?: Issued;
  probe?: EndpointFacts['probe'];
}

const exitCodes: Record<Status, number> = { ok: 0, warning: 1, critical: 1, unknown: 2 };
const severities: readonly Severity[] = ['critical', 'unknown', 'warning', 'note'];

/** Findings that can be about any certificate of a chain. */
const ofOneCertificate: readonly FindingCode[] = [
  'expired',
  'expires-critical',
  'expires-warning',
  'not-yet-valid',
  'weak-key',
  'weak-signature',
  'expired-unused',
];

/** Certificates that most chains need. */
export interface Authorities {
  /** The one that `--ca` trusts. */
  root: Issued;
  intermediate: Issued;
  stranger: Issued;
  /** Trusted as well, and issuer of nothing. */
  unused: Issued;
}

export interface Matrix {
  workshop: Workshop;
  servers: ServerPark;
  authorities: Authorities;
}

/** One row of a table of nginx servers: the certificates, how it is asked, and what must be found. */
export interface Row<Made> {
  site: (made: Made & Authorities) => NginxSite;
  /** Host that is asked for, at 127.0.0.1; `good.test` unless told otherwise. */
  host?: string;
  words?: (made: Made & Authorities) => readonly string[];
  expected: (made: Made & Authorities) => Expected;
}

export const openssl = requireProgram('openssl', 'ssl-expiry is not tried with real certificates');
export const nginx = requireProgram('nginx', 'ssl-expiry is not tried with real servers');
export const canServe = openssl !== undefined && nginx !== undefined;

/** Opens the workshop with its authorities before the tests of a file, and ends all after them. */
export function useMatrix(name: string): Matrix {
  const workshop = openWorkshop(name);
  const matrix: Matrix = { workshop, servers: serverPark(), authorities: undefined as unknown as Authorities };
  beforeAll(async () => {
    if (openssl === undefined) return;
    const [root, stranger, unused] = await Promise.all(
      ['Matrix Root', 'Strange Root', 'Unused Root'].map((authority) => workshop.authority(authority)),
    );
    const intermediate = await workshop.authority('Matrix Intermediate', { issuer: root! });
    matrix.authorities = { root: root!, stranger: stranger!, unused: unused!, intermediate };
  });
  afterAll(async () => {
    await matrix.servers.close();
    workshop.close();
  });
  return matrix;
}

/** Serves each row with a port of its own, all by one nginx, and makes a test of each. */
export function testRows<Made extends Record<string, Issued>>(
  matrix: Matrix,
  make: (workshop: Workshop, authorities: Authorities) => Promise<Made>,
  rows: Readonly<Record<string, Row<Made>>>,
): void {
  let made: Made & Authorities;
  let ports: Readonly<Record<string, number>>;
  beforeAll(async () => {
    if (!canServe) return;
    made = { ...(await make(matrix.workshop, matrix.authorities)), ...matrix.authorities };
    const sites = Object.entries(rows).map(([, { site }], index) => [`row-${index}`, site(made)] as const);
    ({ ports } = await matrix.servers.keep(startNginx(nginx!, matrix.workshop, Object.fromEntries(sites))));
  });
  const tests = Object.keys(rows).map((name, index) => ({ name, index }));
  test.skipIf(!canServe).each(tests)('$name', async ({ name, index }) => {
    const { host = 'good.test', words, expected } = rows[name]!;
    const target = `${host}:${ports[`row-${index}`]}`;
    const outcome = await check(matrix, [target, '--address', '127.0.0.1', ...(words?.(made) ?? [])]);
    expect(outcome).toMatchObject(await wanted(expected(made)));
  });
}

/** One row of a table of servers of every other kind. */
export interface ServerRow {
  start: () => Promise<{ port: number }>;
  host?: string;
  /** How the target begins, `smtp://` for instance. */
  scheme?: string;
  words?: () => readonly string[];
  expected: () => Expected;
}

/** Starts the server of each row and makes a test of it. They run side by side, for some wait for a deadline. */
export function testServers(matrix: Matrix, rows: Readonly<Record<string, ServerRow>>): void {
  test.skipIf(!canServe).concurrent.each(Object.keys(rows))('%s', async (name) => {
    const { start, host = 'good.test', scheme = '', words, expected } = rows[name]!;
    const { port } = await start();
    const outcome = await check(matrix, [`${scheme}${host}:${port}`, '--address', '127.0.0.1', ...(words?.() ?? [])]);
    expect(outcome).toMatchObject(await wanted(expected()));
  });
}

/** Runs ssl-expiry on one target: all that the matrix is about. */
export async function check(matrix: Matrix, words: readonly string[]) {
  const { code, records, stderr } = await runChecks(matrix, words);
  if (records.length !== 1) throw new Error(`${records.length} records of one target, exit code ${code}: ${stderr}`);
  return { code, ...found(records[0]!) };
}

/** What the matrix compares of a record. */
export function found(record: CertificateCheck) {
  const order = record.findings.map(({ severity }) => severities.indexOf(severity));
  return {
    status: record.status,
    findings: record.findings.map(findingText).toSorted(),
    expires: record.expires,
    probe: record.endpoint?.probe,
    worstFirst: order.every((severity, index) => index === 0 || order[index - 1]! <= severity),
    record,
  };
}

/** What `check` must return, the date as the openssl program reads it. */
export async function wanted({ status, findings, expires, ...rest }: Expected) {
  const date = expires && isoTime((await datesByOpenssl(expires.certificateFile)).notAfter);
  return { code: exitCodes[status], status, findings: findings.toSorted(), expires: date, worstFirst: true, ...rest };
}

/** Runs ssl-expiry with the matrix' own root as only authority, unless `--ca` names another. */
export async function runChecks(
  matrix: Matrix,
  words: readonly string[],
  path = '/usr/bin:/bin',
): Promise<{ code: number; records: readonly CertificateCheck[]; stderr: string }> {
  const { folder } = matrix.workshop;
  const { root, unused } = matrix.authorities;
  const trusted = words.includes('--ca') ? [] : ['--ca', root.certificateFile];
  const { code, stdout, stderr } = await runRealDevops(['ssl-expiry', ...trusted, ...words, '-o', 'json'], {
    cwd: folder,
    homeDirectory: folder,
    env: {
      PATH: path,
      STATE_DIRECTORY: folder,
      CACHE_DIRECTORY: folder,
      // Instead of the hundreds of authorities that this system trusts, which take a tenth of a second each time.
      SSL_CERT_FILE: unused.certificateFile,
    },
  });
  if (stdout === '') throw new Error(`exit code ${code}, no records: ${stderr}`);
  return { code, records: JSON.parse(stdout) as CertificateCheck[], stderr };
}

/** As the records write a Unix time. */
export function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}

function findingText({ code, severity, index, ignored }: Finding): string {
  const where = ofOneCertificate.includes(code) ? ` ${index}` : '';
  return `${code} ${severity}${where}${ignored === undefined ? '' : ' ignored'}`;
}
