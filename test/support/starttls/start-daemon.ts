import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A server that a test started as a process in the foreground. */
export interface Daemon {
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

/** For daemons that refuse to run as root: who they run as then, and whom their folder must belong to. */
export const daemonUser: { uid: number; gid: number } | undefined =
  process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;

/** Resolves when all ports answer; rejects with what it said when it ends before, or takes longer than 20 seconds. */
export async function startDaemon(
  program: string,
  argv: readonly string[],
  options: { folder: string; ports: readonly number[]; endWith?: NodeJS.Signals },
): Promise<Daemon> {
  const child = spawn(program, argv, {
    cwd: options.folder,
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...daemonUser,
  });
  let said = '';
  const listen = (chunk: Buffer): void => {
    said = (said + chunk.toString()).slice(-4000);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  let hasEnded = false;
  const ended = once(child, 'close').then(
    () => (hasEnded = true),
    (error: unknown) => {
      said += String(error);
      return (hasEnded = true);
    },
  );
  const stop = async (): Promise<void> => {
    if (hasEnded) return;
    child.kill(options.endWith ?? 'SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
  };
  const deadline = Date.now() + 20_000;
  for (const port of options.ports) {
    while (!(await answers(port))) {
      if (hasEnded || Date.now() > deadline) {
        await stop();
        throw new Error(`${program} does not answer on port ${port}: ${said}`);
      }
      await pause(25);
    }
  }
  return { stop };
}

/** Ports that were free a moment ago, each another. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).then((isUp) => {
    socket.destroy();
    return isUp as boolean;
  });
}
