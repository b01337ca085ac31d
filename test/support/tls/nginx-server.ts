import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startChild } from './child-server.ts';
import type { Issued, Workshop } from './workshop.ts';

/** One `server` block, with a port of its own. */
export interface NginxSite {
  /** PEM text that is sent, leaf first; the leaf alone when absent. */
  sent?: string;
  leaf: Issued;
  /** Further certificates beside it, such as one with an RSA key. */
  besides?: readonly { leaf: Issued; sent?: string }[];
  /** Further lines of the block, each with its semicolon. */
  lines?: readonly string[];
  /** Other servers at the same port, which are meant by their name (SNI). */
  named?: Readonly<Record<string, { leaf: Issued; sent?: string }>>;
}

export interface Nginx<Name extends string> {
  ports: Readonly<Record<Name, number>>;
  close(): Promise<void>;
}

// As an administrator of an old server writes it: certificates with 1,024 bits, SHA-1 and TLS 1.0 may be served.
const permissive = [
  'openssl_conf = settings',
  '[settings]',
  'ssl_conf = programs',
  '[programs]',
  'system_default = defaults',
  '[defaults]',
  'MinProtocol = TLSv1',
  'CipherString = ALL:@SECLEVEL=0',
  '',
].join('\n');

/** One nginx for many servers on 127.0.0.1 or another address, each certificate with a port of its own. */
export async function startNginx<Name extends string>(
  program: string,
  workshop: Workshop,
  sites: Readonly<Record<Name, NginxSite>>,
  address = '127.0.0.1',
): Promise<Nginx<Name>> {
  const names = Object.keys(sites) as Name[];
  const openssl = workshop.file('permissive.cnf', permissive);
  // Between the search for free ports and their use another program may take one.
  for (let attempt = 1; ; attempt++) {
    const free = await freePorts(names.length, address);
    const folder = join(workshop.folder, `nginx-${free[0]}`);
    mkdirSync(folder);
    const blocks = names.map((name, index) => siteBlocks(folder, name, `${address}:${free[index]}`, sites[name]));
    const configuration = join(folder, 'nginx.conf');
    writeFileSync(configuration, mainConfiguration(folder, blocks));
    const words = ['-p', folder, '-e', 'stderr', '-c', configuration];
    const nginx = startChild(program, words, { env: { OPENSSL_CONF: openssl } });
    try {
      await nginx.accepts(free.at(-1)!, address);
    } catch (error) {
      if (attempt < 3 && String(error).includes('Address already in use')) continue;
      throw error;
    }
    const ports = Object.fromEntries(names.map((name, index) => [name, free[index]!])) as Record<Name, number>;
    return { ports, close: nginx.close };
  }
}

function mainConfiguration(folder: string, blocks: readonly string[]): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return [
    'daemon off;',
    'master_process off;',
    'error_log stderr error;',
    `pid ${folder}/pid;`,
    'events { worker_connections 512; }',
    'http {',
    'access_log off;',
    'ssl_protocols TLSv1.2 TLSv1.3;',
    ...temporary.map((name) => `${name}_temp_path ${folder}/${name};`),
    ...blocks,
    '}',
    '',
  ].join('\n');
}

/** nginx takes the first block of a port for every name that no other has. */
function siteBlocks(folder: string, name: string, listen: string, site: NginxSite): string {
  const { named = {}, besides = [], lines = [] } = site;
  const further = Object.entries(named).map(([host, pair]) => {
    return serverBlock(join(folder, `${name}-${host}`), listen, [pair], [`server_name ${host};`]);
  });
  return [serverBlock(join(folder, name), listen, [site, ...besides], lines), ...further].join('\n');
}

function serverBlock(
  prefix: string,
  listen: string,
  certificates: readonly { leaf: Issued; sent?: string }[],
  lines: readonly string[],
): string {
  const pairs = certificates.map(({ leaf, sent = leaf.pem }, index) => {
    const file = `${prefix}-${index}.pem`;
    writeFileSync(file, sent);
    return `ssl_certificate ${file}; ssl_certificate_key ${leaf.keyFile};`;
  });
  const answer = 'location / { return 200 "hello"; }';
  return ['server {', `listen ${listen} ssl;`, ...pairs, ...lines, answer, '}'].join('\n');
}

/** Ports that were free a moment ago. */
async function freePorts(count: number, address: string): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, address);
      await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const bound = server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
