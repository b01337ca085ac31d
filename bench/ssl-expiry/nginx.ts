import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { environment } from '../harness.ts';
import { findProgram } from '../programs.ts';
import type { Identity } from './authority.ts';

export interface Site {
  /** `127.1.0.1:4433`, one or more. */
  listen: readonly string[];
  identity: Identity;
}

/** Folders of daemons, which a user's PATH often lacks. */
const daemonFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

export function findNginx(): string | undefined {
  return findProgram('nginx', { ...environment, PATH: [environment['PATH'] ?? '', ...daemonFolders].join(':') });
}

export interface NginxOptions {
  nginx: string;
  sites: readonly Site[];
  /** A new one; certificates, keys and everything that nginx writes goes there. */
  folder: string;
  /** Stands before nginx's argv and becomes it by exec(3). */
  wrapper: readonly string[];
}

/**
 * One nginx of one process in the foreground that speaks TLS 1.2 and 1.3 with default settings and answers every request
 * with 204. Resolves with the way to end it when it listens; rejects with its complaint.
 */
export async function startNginx({ nginx, sites, folder, wrapper }: NginxOptions): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'nginx.conf'), configuration(sites, folder));
  const [program, ...args] = [...wrapper, nginx, '-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'];
  const server = spawn(program, args, { cwd: folder, env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  const gone = new AbortController();
  server.once('error', (error) => gone.abort(error));
  server.once('exit', () => gone.abort(new Error(`nginx ended: ${said.trim() || 'without a word'}`)));
  try {
    await listening(join(folder, 'nginx.pid'), gone.signal);
  } catch (error) {
    await end(server);
    throw error;
  }
  return () => end(server);
}

function configuration(sites: readonly Site[], folder: string): string {
  const socketCount = sites.reduce((count, site) => count + site.listen.length, 0);
  const identities = new Map<Identity, string>();
  for (const { identity } of sites) {
    if (!identities.has(identity)) identities.set(identity, writeIdentity(identity, folder, identities.size));
  }
  return [
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'daemon off;',
    'master_process off;',
    `pid ${join(folder, 'nginx.pid')};`,
    // Listening sockets count as connections, too.
    `events { worker_connections ${socketCount + 4096}; multi_accept on; }`,
    'http {',
    '  access_log off;',
    '  ssl_protocols TLSv1.2 TLSv1.3;',
    ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${folder}/temp;`),
    ...sites.map(({ listen, identity }) => {
      const path = identities.get(identity)!;
      const sockets = listen.map((socket) => `listen ${socket} ssl;`).join(' ');
      return `  server { ${sockets} ssl_certificate ${path}.pem; ssl_certificate_key ${path}.key; return 204; }`;
    }),
    '}',
    '',
  ].join('\n');
}

function writeIdentity(identity: Identity, folder: string, index: number): string {
  const path = join(folder, String(index));
  writeFileSync(`${path}.pem`, identity.certificate);
  writeFileSync(`${path}.key`, identity.privateKey, { mode: 0o600 });
  return path;
}

/** nginx writes the file with its number after it has opened all its sockets. */
async function listening(pidFile: string, gone: AbortSignal): Promise<void> {
  const deadline = AbortSignal.timeout(60_000);
  while (readNumber(pidFile) === undefined) {
    gone.throwIfAborted();
    if (deadline.aborted) throw new Error('nginx does not listen after 60 s');
    await delay(20);
  }
}

function readNumber(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  const timer = setTimeout(() => server.kill('SIGKILL'), 5000);
  server.kill('SIGTERM');
  await ended;
  clearTimeout(timer);
}

/** `count` ports that nobody listens on, on any address, right now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(
    servers.map(async (server) => {
      server.listen(0, '0.0.0.0');
      await once(server, 'listening');
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return ports;
}
