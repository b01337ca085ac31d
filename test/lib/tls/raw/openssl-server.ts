import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface OpenSslServer extends AsyncDisposable {
  port: number;
}

/** `openssl s_server` with these arguments on a free port of 127.0.0.1; ended when it goes out of scope. */
export async function startOpenSslServer(openssl: string, args: readonly string[]): Promise<OpenSslServer> {
  const child = spawn(openssl, ['s_server', '-accept', '127.0.0.1:0', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const exit = once(child, 'exit');
  let said = '';
  const port = await new Promise<number>((resolve, reject) => {
    const listen = (text: string): void => {
      said += text;
      const match = /^ACCEPT .*:(\d+)$/m.exec(said);
      if (match !== null) resolve(Number(match[1]));
    };
    child.stdout.setEncoding('utf8').on('data', listen);
    child.stderr.setEncoding('utf8').on('data', listen);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`s_server ended with ${code}: ${said}`)));
  });
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}
