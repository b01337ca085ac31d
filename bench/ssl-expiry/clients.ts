import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../checkout.ts';
import { environment, peerRow } from '../harness.ts';
import { findProgram, versionLine } from '../programs.ts';
import type { MissingRow, Row } from '../rounds.ts';
import type { Endpoint } from './endpoints.ts';
import type { Rig } from './rig.ts';

/** A command that reads the dates of `endpoints` endpoints. */
export interface Client {
  row: Row;
  endpoints: number;
  /** What the CPU of devops for an endpoint may be at most, as a multiple of this one's. */
  bar?: { text: string; atMost: number };
}

/** A program that reads a file of hosts and does as many at once as it is told. */
export type ConcurrentPeer = (hosts: string, concurrency: number, timeoutSeconds: number) => readonly string[];

export interface ConcurrentPeers {
  python: { argv: ConcurrentPeer; version: string } | MissingRow;
  go: { argv: ConcurrentPeer; version: string } | MissingRow;
}

/** The two that a team would write itself; the Go program is built into the bench's folder. */
export function concurrentPeers({ root, folder }: Rig): ConcurrentPeers {
  return { python: pythonThreads(root), go: goProgram(folder) };
}

function pythonThreads(root: string): ConcurrentPeers['python'] {
  const python = findProgram('python3', environment);
  if (python === undefined) return { name: 'python3 ssl', missing: 'apt-get install python3' };
  const script = join(checkout, 'bench/peers/tls-expiry.py');
  const versions = 'import platform, ssl; print("Python", platform.python_version() + ",", ssl.OPENSSL_VERSION)';
  return {
    argv: (hosts, threads, timeout) => [python, script, hosts, root, String(threads), String(timeout)],
    version: versionLine([python, '-c', versions], environment),
  };
}

function goProgram(folder: string): ConcurrentPeers['go'] {
  const go = findProgram('go', environment);
  if (go === undefined) return { name: 'Go crypto/tls', missing: 'apt-get install golang-go' };
  const program = join(folder, 'tls-expiry');
  const source = join(checkout, 'bench/peers/tls-expiry.go');
  const built = spawnSync(go, ['build', '-o', program, source], { env: environment, cwd: folder, encoding: 'utf8' });
  if (built.status !== 0) return { name: 'Go crypto/tls', missing: `go build failed: ${built.stderr.trim()}` };
  return {
    argv: (hosts, goroutines, timeout) => [program, hosts, String(goroutines), `${timeout}s`],
    version: versionLine([go, 'version'], environment),
  };
}

/** Everybody who is measured for CPU, devops first. `sample` endpoints are for those who start a process for each. */
export function allClients(rig: Rig, peers: ConcurrentPeers, endpoints: readonly Endpoint[], sample: number): Client[] {
  const hosts = rig.hosts('hosts', endpoints);
  const count = endpoints.length;
  const some = (part: number) => endpoints.slice(0, Math.max(1, Math.min(count, Math.round(part))));
  const { python, go } = peers;
  return [
    {
      row: {
        name: 'devops ssl-expiry -f hosts --ca root.pem -o jsonl',
        argv: rig.devops(hosts, '-o', 'jsonl'),
        version: rig.version,
      },
      endpoints: count,
    },
    {
      row:
        'missing' in python
          ? python
          : { name: 'python3 ssl, 64 threads, verifying', argv: python.argv(hosts, 64, 10), version: python.version },
      endpoints: count,
      bar: { text: '<= 1.2x', atMost: 1.2 },
    },
    {
      row:
        'missing' in go
          ? go
          : {
              name: 'Go crypto/tls, 64 goroutines, no verification',
              argv: go.argv(hosts, 64, 10),
              version: go.version,
            },
      endpoints: count,
      bar: { text: '<= 3x', atMost: 3 },
    },
    {
      row: named(
        'tlsx -c 64 -json',
        peerRow({
          program: 'tlsx',
          args: ['-l', hosts, '-c', '64', '-json', '-silent'],
          versionArgs: ['-version'],
          install: 'go install github.com/projectdiscovery/tlsx/cmd/tlsx@latest',
        }),
      ),
      endpoints: count,
    },
    checkHttp(rig, some(sample)),
    opensslLoop(rig, some(sample / 2)),
    nmap(rig, some(sample)),
    sslscan(rig, some(sample / 10)),
    sslCertCheck(rig, some(sample / 10)),
    checkSslCert(rig, some(sample / 40)),
  ];
}

function named(name: string, row: Row): Row {
  return { ...row, name };
}

/** A file with one line for each endpoint, for programs that want another form than `host:port`. */
function listFile(
  rig: Rig,
  name: string,
  endpoints: readonly Endpoint[],
  line: (endpoint: Endpoint) => string,
): string {
  const file = join(rig.folder, name);
  writeFileSync(file, endpoints.map((endpoint) => `${line(endpoint)}\n`).join(''));
  return file;
}

function xargs(list: string, program: readonly string[]): string[] {
  return ['xargs', '-a', list, '-P', '2', '-L', '1', ...program];
}

/** Debian keeps the plugins out of PATH. */
function findPlugin(name: string): string | undefined {
  const folders = ['/usr/lib/nagios/plugins', '/usr/lib64/nagios/plugins', '/usr/lib/monitoring-plugins'];
  return findProgram(name, { ...environment, PATH: [environment['PATH'] ?? '', ...folders].join(':') });
}

function checkHttp(rig: Rig, endpoints: readonly Endpoint[]): Client {
  const name = 'xargs -P2 check_http -S -C 30,7';
  const bar = { text: '<= 1/3', atMost: 1 / 3 };
  const plugin = findPlugin('check_http');
  if (plugin === undefined) {
    return { row: { name, missing: 'apt-get install monitoring-plugins-basic' }, endpoints: 0, bar };
  }
  const list = listFile(rig, 'check_http', endpoints, ({ address, port }) => `-I ${address} -p ${port}`);
  const argv = xargs(list, [plugin, '-S', '-C', '30,7']);
  const version = versionLine([plugin, '--version'], environment);
  return { row: { name, argv, version }, endpoints: endpoints.length, bar };
}

function opensslLoop(rig: Rig, endpoints: readonly Endpoint[]): Client {
  const name = 'xargs -P2 openssl s_client | openssl x509 -enddate';
  const bar = { text: '<= 1/25', atMost: 1 / 25 };
  const openssl = findProgram('openssl', environment);
  if (openssl === undefined) return { row: { name, missing: 'apt-get install openssl' }, endpoints: 0, bar };
  const list = rig.hosts('openssl', endpoints);
  const loop = 'openssl s_client -connect "$1" </dev/null 2>/dev/null | openssl x509 -noout -enddate';
  const argv = xargs(list, ['sh', '-c', loop, 'loop']);
  const version = versionLine([openssl, 'version'], environment);
  return { row: { name, argv, version }, endpoints: endpoints.length, bar };
}

function nmap(rig: Rig, endpoints: readonly Endpoint[]): Client {
  const list = listFile(rig, 'nmap', endpoints, ({ address }) => address);
  // Without the plus sign the script leaves out ports that are not known for TLS.
  const args = ['-Pn', '-n', '-p', String(endpoints[0]!.port), '--script', '+ssl-cert', '-iL', list];
  const row = peerRow({ program: 'nmap', args, install: 'apt-get install nmap' });
  return { row: named('nmap -Pn -n --script +ssl-cert', row), endpoints: endpoints.length };
}

function sslscan(rig: Rig, endpoints: readonly Endpoint[]): Client {
  const scans = ['ciphersuites', 'fallback', 'renegotiation', 'compression', 'heartbleed', 'groups'];
  const args = [`--targets=${rig.hosts('sslscan', endpoints)}`, ...scans.map((scan) => `--no-${scan}`)];
  const row = peerRow({ program: 'sslscan', args, install: 'apt-get install sslscan' });
  return { row: named('sslscan --targets, scans of ciphers off', row), endpoints: endpoints.length };
}

function sslCertCheck(rig: Rig, endpoints: readonly Endpoint[]): Client {
  const list = listFile(rig, 'ssl-cert-check', endpoints, ({ address, port }) => `${address} ${port}`);
  const row = peerRow({
    program: 'ssl-cert-check',
    args: ['-f', list],
    versionArgs: ['-V'],
    install: 'apt-get install ssl-cert-check',
  });
  return { row: named('ssl-cert-check -f', row), endpoints: endpoints.length };
}

function checkSslCert(rig: Rig, endpoints: readonly Endpoint[]): Client {
  const name = 'xargs -P2 check_ssl_cert';
  const plugin = findPlugin('check_ssl_cert');
  const missing = 'apt-get install monitoring-plugins-contrib (Debian) or github.com/matteocorti/check_ssl_cert';
  if (plugin === undefined) return { row: { name, missing }, endpoints: 0 };
  const list = listFile(rig, 'check_ssl_cert', endpoints, ({ address, port }) => `-H ${address} -p ${port}`);
  const argv = xargs(list, [plugin, '-r', rig.root, '--ignore-sct', '--ignore-ocsp']);
  return { row: { name, argv, version: versionLine([plugin, '--version'], environment) }, endpoints: endpoints.length };
}
