import { addressFamily } from './address-family.ts';
import type { Address } from './address.ts';
import { NameFailure } from './name-failure.ts';

/**
 * The addresses of a name as every other program of this system sees them: search domains, mDNS, LDAP, whatever
 * nsswitch.conf(5) names. Asked of getent(1) and not in this process, because getaddrinfo(3) cannot be called off: with
 * a dead name server it would keep the process from ending for half a minute. Rejects with NameFailure.
 */
export async function lookUpByTheSystem(
  host: string,
  options: { env: Readonly<Record<string, string | undefined>>; signal: AbortSignal; timeoutSeconds: number },
): Promise<readonly Address[]> {
  const { runProgram } = await import('../shell/run-program.ts');
  const { capturedText } = await import('../shell/head-and-tail.ts');
  const { env, signal, timeoutSeconds } = options;
  const { end, stdout } = await runProgram({ argv: ['getent', 'ahosts', host], env, signal, timeoutSeconds });
  signal.throwIfAborted();
  if (end.kind === 'exited') {
    const addresses = readAddresses(capturedText(stdout));
    if (addresses.length > 0) return addresses;
    throw new NameFailure(`there is no host called '${host}'`, { temporary: false });
  }
  if (end.kind === 'not-started') return lookUpInProcess(host);
  throw new NameFailure(`no name server answers when asked for '${host}'`, { temporary: true });
}

/** Lines such as `192.0.2.1       STREAM host.example.com`, three for each address. */
export function readAddresses(text: string): Address[] {
  const addresses = new Map<string, Address>();
  for (const line of text.split('\n')) {
    const [address] = line.split(/\s+/, 1);
    const family = addressFamily(address!);
    if (family !== 0) addresses.set(address!, { address: address!, family: family === 6 ? 6 : 4 });
  }
  return [...addresses.values()];
}

/** Where there is no getent, as in some containers. */
async function lookUpInProcess(host: string): Promise<readonly Address[]> {
  const { lookup } = await import('node:dns');
  return new Promise((resolve, reject) => {
    lookup(host, { all: true, order: 'verbatim' }, (error, found) => {
      if (error === null)
        return resolve(found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 })));
      const temporary = error.code === 'EAI_AGAIN';
      reject(new NameFailure(`there is no host called '${host}' (${error.code})`, { temporary, cause: error }));
    });
  });
}
