import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { flush } from '../../../src/lib/spool/flush.ts';
import { waiting } from '../../../src/lib/spool/waiting.ts';
import { flushOptions, makeSpool } from './entries.ts';

const kills = process.env['LONG'] === '1' ? 1000 : 60;
const parent = mkdtempSync(join(tmpdir(), 'devops-spool-crash-'));
afterAll(() => rmSync(parent, { recursive: true }));

/** Takes a line, writes it down, and says that it did. */
async function startSink(): Promise<{ server: Server; port: number; taken: string[] }> {
  const taken: string[] = [];
  const server = createServer((socket) => {
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (!text.endsWith('\n')) return;
      taken.push(text.trim());
      socket.end('taken\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port, taken };
}

async function killOne(folder: string, port: number): Promise<{ said: string; wasKilled: boolean }> {
  const script = join(import.meta.dirname, 'crash-flusher.ts');
  const child = spawn(process.execPath, [script, folder, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const began = performance.now();
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await Promise.race([once(child.stdout, 'data'), closed]);
  // As long as its start took, for the machine may be busy.
  const timer = setTimeout(() => child.kill('SIGKILL'), (performance.now() - began) * Math.random());
  await closed;
  clearTimeout(timer);
  return { said, wasKilled: child.signalCode === 'SIGKILL' };
}

test(
  `nothing is lost when those who write and flush are killed ${kills} times`,
  async () => {
    const folder = makeSpool(parent);
    const { server, port, taken } = await startSink();
    let left = kills;
    const kept: string[] = [];
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        while (left-- > 0) {
          const { said, wasKilled } = await killOne(folder, port);
          expect(wasKilled).toBe(true);
          // The last line may be torn off.
          kept.push(...said.split('\n').slice(0, -1));
        }
      }),
    );
    const rest = waiting(folder, Date.now() / 1000);
    expect(rest).toMatchObject({ unreadable: 0, dead: 0 });
    const last = await flush(
      folder,
      flushOptions({
        deliver: async ({ id }) => void taken.push(id),
        now: () => Date.now() / 1000 + 7200,
      }),
    );
    server.close();
    expect(last).toMatchObject({ state: 'flushed', waiting: [], dead: [], unreadable: [] });
    expect(last.delivered.length).toBe(rest.count);
    const arrived = new Set(taken);
    expect(kept.filter((id) => !arrived.has(id))).toEqual([]);
    expect(kept.length).toBeGreaterThan(kills);
    expect(taken.length - last.delivered.length).toBeGreaterThan(kills / 6);
    // At most what was under way in each lane is sent twice by a kill.
    expect(taken.length - arrived.size).toBeLessThanOrEqual(3 * kills);
    expect(readdirSync(join(folder, 'new')).filter((name) => !name.endsWith('.tmp'))).toEqual([]);
  },
  kills * 1000 + 30_000,
);
