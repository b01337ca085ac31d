import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts } from '../starttls/start-daemon.ts';

/** OpenSMTPD, which takes mail for ops@example.org and hands it on. */
export interface OpenSmtpd {
  /** Without TLS: what Debian 12 ships breaks off every handshake, whoever asks. */
  port: number;
  /** A program that is its sendmail. */
  sendmail: string;
  /** Words before a program that sees its socket, and with it its sendmail at the usual place. */
  within: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts it with a file system of its own at the places that are built into it (its queue and its socket), so that a
 * mail server of this machine is left alone. Needs root, for it changes its users, and unshare(1).
 */
export async function startOpenSmtpd(smtpd: string, folder: string, options: { relayTo: number }): Promise<OpenSmtpd> {
  const [port] = await freePorts(1);
  const config = join(folder, 'smtpd.conf');
  writeFileSync(
    config,
    `table known { "ops@example.org" }
listen on 127.0.0.1 port ${port}
listen on socket
action "relay" relay host "smtp://127.0.0.1:${options.relayTo}"
match from any for domain "example.org" rcpt-to <known> action "relay"
`,
  );
  const mounts = 'mount -t tmpfs none /var/spool && mount -t tmpfs none /run && mkdir -m 711 /var/spool/smtpd';
  const script = `${mounts} && exec "$0" -d -f "$1"`;
  const child = spawn('unshare', ['--mount', 'sh', '-c', script, smtpd, config], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.on('error', (error) => (said += error.message));
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));
  const close = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  for (let tries = 0; !(await answers(port!)); tries++) {
    if (child.exitCode !== null || child.pid === undefined || tries > 200) {
      await close();
      throw new Error(`OpenSMTPD does not answer: ${said}`);
    }
    await pause(25);
  }
  const sendmail = join(folder, 'sendmail');
  const within = ['nsenter', '--target', String(child.pid), '--mount'];
  writeFileSync(sendmail, `#!/bin/sh\nexec ${within.join(' ')} /usr/sbin/sendmail "$@"\n`, { mode: 0o755 });
  return { port: port!, sendmail, within, close };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => socket.end(() => resolve(true))).once('error', () => resolve(false));
  });
}
