import { createGate } from '../concurrency/gate.ts';
import { formatDuration } from '../quantity/duration.ts';
import type { Address } from './address.ts';
import { readHostsFile } from './hosts-file.ts';
import { NameFailure } from './name-failure.ts';
import { type NameServers, openNameServers } from './name-servers.ts';
import { lookUpByTheSystem } from './system-lookup.ts';

/** Finds the addresses of a host name, each name once. Rejects with NameFailure, or with the signal's reason. */
export type Resolver = (host: string) => Promise<readonly Address[]>;

export interface ResolverOptions {
  /** 0: both kinds. */
  family: 0 | 4 | 6;
  /** For one name, from when its turn comes. */
  timeoutSeconds: number;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  /** Default /etc/hosts. */
  hostsFile?: string;
  /** Default those of /etc/resolv.conf. */
  nameServers?: readonly string[];
}

/** Names asked of the name servers at once; more would be dropped by some of them. */
const namesAtOnce = 100;
/** Processes that ask the system at once. */
const processesAtOnce = 8;

/**
 * The hosts file, then the name servers, then whatever else the system knows. Node's own lookup has four threads for
 * this, of which it uses two: of 300 names that take a tenth of a second each, two thirds would time out waiting.
 */
export function createResolver(options: ResolverOptions): Resolver {
  const { family, timeoutSeconds, env, signal, hostsFile = '/etc/hosts', nameServers } = options;
  const answers = new Map<string, Promise<readonly Address[]>>();
  const toServers = createGate(namesAtOnce);
  const toSystem = createGate(processesAtOnce);
  let hosts: ReturnType<typeof readHostsFile> | undefined;
  let opened: Promise<NameServers> | undefined;
  let asking = 0;

  const open = async (): Promise<NameServers> => {
    const servers = await openNameServers(family, nameServers);
    signal.addEventListener('abort', () => servers.cancel(), { once: true });
    return servers;
  };
  const askServers = (host: string) =>
    toServers(async () => {
      const servers = await (opened ??= open());
      // The turn of those who waited comes after all that was asked has been called off.
      signal.throwIfAborted();
      asking++;
      try {
        return await within(servers.ask(host), host, timeoutSeconds, signal);
      } finally {
        // What was given up is still asked for, and would keep the process from ending.
        if (--asking === 0) servers.cancel();
      }
    });
  const askSystem = (host: string) =>
    toSystem(async () => {
      const addresses = await lookUpByTheSystem(host, { env, signal, timeoutSeconds });
      const wanted = addresses.filter((address) => family === 0 || address.family === family);
      if (wanted.length > 0) return wanted;
      throw new NameFailure(`'${host}' has no IPv${family} address`, { temporary: false });
    });
  const find = async (host: string): Promise<readonly Address[]> => {
    hosts ??= readHostsFile(hostsFile);
    const listed = hosts.get(host)?.filter((address) => family === 0 || address.family === family) ?? [];
    if (listed.length > 0) return listed;
    // A name without a dot is no name of DNS before a search domain is added.
    if (!host.includes('.')) return askSystem(host);
    try {
      return await askServers(host);
    } catch (error) {
      if (!(error instanceof NameFailure) || error.temporary) throw error;
      return askSystem(host);
    }
  };
  return (host) => {
    let answer = answers.get(host);
    if (answer === undefined) {
      answer = find(host);
      answers.set(host, answer);
      answer.catch(() => answers.delete(host));
    }
    return answer;
  };
}

async function within(
  answer: Promise<readonly Address[]>,
  host: string,
  seconds: number,
  signal: AbortSignal,
): Promise<readonly Address[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `no name server answered for '${host}' within ${formatDuration(seconds)}`;
      reject(new NameFailure(message, { temporary: true }));
    }, seconds * 1000);
  });
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
