import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A temporary folder in which openssl and keytool make what a test reads. */
export interface Workshop {
  folder: string;
  path(name: string): string;
  read(name: string): Buffer;
  /** Runs openssl in the folder; its output. */
  openssl(...argv: string[]): Buffer;
  /** Takes most of a second, so run several at once. */
  keytool(...argv: string[]): Promise<unknown>;
  /** `NAME.pem` with the subject `CN=NAME`, self-signed or issued by another one, and its key in `NAME.key`. */
  certificate(name: string, issuer?: string): void;
  [Symbol.dispose](): void;
}

/** A JVM that ends at once needs neither its best compiler nor its best collector. */
const quickJava = ['-J-XX:TieredStopAtLevel=1', '-J-XX:+UseSerialGC'];

export function openWorkshop(): Workshop {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-stores-')));
  const path = (name: string): string => join(folder, name);
  const run = (program: string, argv: readonly string[]): Buffer =>
    execFileSync(program, argv, { cwd: folder, stdio: 'pipe', timeout: 20_000 });
  const openssl = (...argv: string[]): Buffer => run('openssl', argv);
  return {
    folder,
    path,
    openssl,
    read: (name) => readFileSync(path(name)),
    // The JVM starts twice as fast without the compiler that a long program would want.
    keytool: (...argv) => promisify(execFile)('keytool', [...quickJava, ...argv], { cwd: folder, timeout: 30_000 }),
    certificate(name, issuer) {
      const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${name}.key`];
      const signer = issuer === undefined ? [] : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`];
      openssl('req', '-x509', ...key, ...signer, '-out', `${name}.pem`, '-days', '30', '-subj', `/CN=${name}`);
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** One element of DER, for stores that no program makes. */
export function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const digits = content.length < 0x80 ? '' : content.length.toString(16);
  const length = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  const first = digits === '' ? content.length : 0x80 | length.length;
  return Buffer.concat([Buffer.from([tag, first]), length, content]);
}

export function derNumber(value: number): Buffer {
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  return der(0x02, bytes[0]! < 0x80 ? bytes : Buffer.concat([Buffer.from([0]), bytes]));
}

/** Object identifiers in the hexadecimal digits of their contents. */
export function derIdentifier(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}
