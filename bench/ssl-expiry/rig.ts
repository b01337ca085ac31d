import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { devopsRow, environment } from '../harness.ts';
import { gnuTime } from '../programs.ts';
import { separateCores, type Cores } from './cores.ts';
import { createEstate, hostsFile, type Endpoint, type Estate } from './endpoints.ts';
import { findNginx, freePorts, startNginx } from './nginx.ts';
import { allowOpenFiles } from './open-files.ts';
import { verifyWithOpenssl } from './verify.ts';

/** What all parts of the bench share: servers that listen, and how clients are started. */
export interface Rig {
  estate: Estate;
  /** The certificate of the root as a file. */
  root: string;
  /** A new folder below which everything is written. */
  folder: string;
  nginx: string;
  cores: Cores;
  gnuTime: string | undefined;
  /** argv of `devops ssl-expiry --ca ROOT -f HOSTS ...`. */
  devops(hosts: string, ...options: readonly string[]): string[];
  /** The version of devops and its row's name. */
  version: string;
  /** Writes `address:port` lines and tells the file. */
  hosts(name: string, endpoints: readonly Endpoint[]): string;
  stop(): Promise<void>;
}

/**
 * Starts `endpoints` servers with a certificate each, on `ports` ports each. Throws what is missing. Making the
 * certificates and reading them again takes nginx and this program some seconds, so it is told on standard error.
 */
export async function startRig(endpoints: number, ports: number): Promise<Rig> {
  if (process.platform !== 'linux') throw new Error('an address of its own for each endpoint needs Linux');
  const nginx = findNginx();
  if (nginx === undefined) throw new Error('nginx is missing: apt-get install nginx');
  const { argv: devops, version } = devopsRow(['ssl-expiry']);
  allowOpenFiles(endpoints * ports + 8192);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-bench-ssl-expiry-')));
  const cores = separateCores();
  try {
    process.stderr.write(`making ${endpoints} keys and certificates ... `);
    const estate = createEstate(endpoints, await freePorts(ports));
    const root = join(folder, 'root.pem');
    writeFileSync(root, estate.authority.root);
    process.stderr.write(`${verifyWithOpenssl(estate, root, folder)}\nstarting nginx ... `);
    const stopNginx = await startNginx({
      nginx,
      sites: estate.sites,
      folder: join(folder, 'nginx'),
      wrapper: cores.server,
    });
    process.stderr.write(`it listens on ${estate.endpoints.length} sockets\n`);
    return {
      estate,
      root,
      folder,
      nginx,
      cores,
      version,
      gnuTime: gnuTime(environment),
      devops: (hosts, ...options) => [...devops, '-f', hosts, '--ca', root, ...options],
      hosts: (name, some) => writeHosts(join(folder, name), some),
      stop: async () => {
        await stopNginx();
        cores.release();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    cores.release();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function writeHosts(file: string, endpoints: readonly Endpoint[]): string {
  writeFileSync(file, hostsFile(endpoints));
  return file;
}
