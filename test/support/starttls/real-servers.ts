import { execFile } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { daemonUser, freePorts, startDaemon, type Daemon } from './start-daemon.ts';
import type { TemporaryCertificate } from './temporary-certificate.ts';

const run = promisify(execFile);

/** Real servers of one kind: one that starts TLS, and one that does not know how. */
export interface Pair<Ports = number> {
  secure: Ports;
  plain: Ports;
  stop(): Promise<void>;
}

interface MailPorts {
  smtp: number;
  imap: number;
  pop3: number;
}

/** nginx as a mail proxy. Nobody logs in, so there is no server behind it. */
export async function startNginxMail(
  nginx: string,
  mailModule: string,
  folder: string,
  certificate: TemporaryCertificate,
): Promise<Pair<MailPorts>> {
  const ports = await freePorts(6);
  const [smtp, imap, pop3, plainSmtp, plainImap, plainPop3] = ports as [number, number, number, number, number, number];
  const server = (port: number, protocol: string, starttls: string): string =>
    `server { listen 127.0.0.1:${port}; protocol ${protocol}; starttls ${starttls}; }`;
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; master_process off; error_log stderr; pid ${folder}/nginx.pid;
     load_module ${mailModule}; events {}
     mail {
       server_name mx.example.com; auth_http 127.0.0.1:9/;
       ssl_certificate ${certificate.certificateFile}; ssl_certificate_key ${certificate.keyFile};
       ${server(smtp, 'smtp', 'on')} ${server(imap, 'imap', 'on')} ${server(pop3, 'pop3', 'on')}
       ${server(plainSmtp, 'smtp', 'off')} ${server(plainImap, 'imap', 'off')} ${server(plainPop3, 'pop3', 'off')}
     }`,
  );
  const daemon = await startDaemon(nginx, ['-c', file, '-p', folder, '-e', 'stderr'], { folder, ports });
  return {
    secure: { smtp, imap, pop3 },
    plain: { smtp: plainSmtp, imap: plainImap, pop3: plainPop3 },
    stop: daemon.stop,
  };
}

/** OpenLDAP without a single entry. */
export async function startSlapd(slapd: string, folder: string, certificate: TemporaryCertificate): Promise<Pair> {
  const [secure, plain] = (await freePorts(2)) as [number, number];
  const tls = `TLSCertificateFile ${certificate.certificateFile}\nTLSCertificateKeyFile ${certificate.keyFile}\n`;
  const start = (port: number, settings: string): Promise<Daemon> => {
    const file = join(folder, `slapd-${port}.conf`);
    writeFileSync(file, `pidfile ${folder}/slapd-${port}.pid\n${settings}database config\n`);
    // -d keeps it in the foreground.
    return startDaemon(slapd, ['-d', '0', '-f', file, '-h', `ldap://127.0.0.1:${port}/`], { folder, ports: [port] });
  };
  return pair([await start(secure, tls), await start(plain, '')], { secure, plain });
}

/** `postgres` is the program of the server; initdb lies beside it. */
export async function startPostgresServer(
  postgres: string,
  folder: string,
  certificate: TemporaryCertificate,
): Promise<Pair> {
  const [secure, plain] = (await freePorts(2)) as [number, number];
  const data = join(folder, 'postgres');
  const initdb = join(dirname(postgres), 'initdb');
  const settings = ['--auth=trust', '--no-sync', '--no-locale', '--encoding=UTF8', '--username=test'];
  await run(initdb, ['-D', data, ...settings], { cwd: folder, timeout: 30_000, ...daemonUser });
  const start = async (port: number, argv: readonly string[]): Promise<Daemon> => {
    const own = `${data}-${port}`;
    cpSync(data, own, { recursive: true });
    giveAway(own);
    const quick = ['-F', '-c', 'shared_buffers=1MB', '-c', `unix_socket_directories=`, '-h', '127.0.0.1'];
    // SIGINT is its fast shutdown: SIGTERM waits for clients.
    return startDaemon(postgres, ['-D', own, '-p', `${port}`, ...quick, ...argv], {
      folder,
      ports: [port],
      endWith: 'SIGINT',
    });
  };
  const files = [`ssl_cert_file=${certificate.certificateFile}`, `ssl_key_file=${certificate.keyFile}`];
  const tls = ['ssl=on', ...files].flatMap((setting) => ['-c', setting]);
  return pair([await start(secure, tls), await start(plain, ['-c', 'ssl=off'])], { secure, plain });
}

/** MariaDB on an empty folder: the greeting comes before any table is needed. Ten clients are what it takes at least. */
export async function startMariadb(mariadbd: string, folder: string, certificate: TemporaryCertificate): Promise<Pair> {
  const [secure, plain] = (await freePorts(2)) as [number, number];
  const start = (port: number, argv: readonly string[]): Promise<Daemon> => {
    const data = join(folder, `mariadb-${port}`);
    mkdirSync(data);
    giveAway(data);
    const empty = ['--skip-grant-tables', '--skip-innodb', '--default-storage-engine=Aria'];
    const where = [`--datadir=${data}`, `--socket=${data}/socket`, `--pid-file=${data}/pid`, `--port=${port}`];
    const small = ['--bind-address=127.0.0.1', '--max-connections=10', '--aria-pagecache-buffer-size=1M'];
    return startDaemon(mariadbd, ['--no-defaults', ...empty, ...where, ...small, ...argv], { folder, ports: [port] });
  };
  const tls = [`--ssl-cert=${certificate.certificateFile}`, `--ssl-key=${certificate.keyFile}`];
  return pair([await start(secure, tls), await start(plain, ['--skip-ssl'])], { secure, plain });
}

/** Hands a file or a folder to the user that daemons run as, and to nobody else: they insist on that. */
export function giveAway(path: string): void {
  chmodSync(path, path.endsWith('.pem') ? 0o600 : 0o700);
  if (daemonUser === undefined) return;
  const { uid, gid } = daemonUser;
  chownSync(path, uid, gid);
  if (path.endsWith('.pem')) return;
  for (const entry of readdirSync(path, { recursive: true, encoding: 'utf8' })) chownSync(join(path, entry), uid, gid);
}

function pair(daemons: readonly Daemon[], ports: { secure: number; plain: number }): Pair {
  return {
    ...ports,
    async stop() {
      await Promise.all(daemons.map((daemon) => daemon.stop()));
    },
  };
}
