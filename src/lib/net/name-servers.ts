import type { Resolver as DnsResolver } from 'node:dns';
import type { Address } from './address.ts';
import { NameFailure } from './name-failure.ts';

/** Asks the name servers of /etc/resolv.conf for one fully qualified name. Rejects with NameFailure. */
export interface NameServers {
  ask(host: string): Promise<readonly Address[]>;
  /** Calls off all that was asked. */
  cancel(): void;
}

/** How long one server has for its first answer; the second and third try wait longer. */
const firstTryMilliseconds = 1500;
const tries = 3;
/**
 * How long one kind is waited for once there are addresses of the other: some servers and firewalls leave AAAA without
 * an answer. RFC 8305 waits for 50 ms, but here all addresses may be wanted.
 */
const graceMilliseconds = 1000;
/** Answers that say that there is nothing, not that something went wrong (RFC 1035, 4.1.1). */
const nothing: ReadonlySet<string | undefined> = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * A and AAAA are asked at once; IPv6 comes first, and Happy Eyeballs sees to what does not work. `servers` are asked
 * instead of those of /etc/resolv.conf: `192.0.2.53`, `127.0.0.1:5353`.
 */
export async function openNameServers(family: 0 | 4 | 6, servers?: readonly string[]): Promise<NameServers> {
  const { Resolver } = await import('node:dns');
  const resolver = new Resolver({ timeout: firstTryMilliseconds, tries });
  if (servers !== undefined) resolver.setServers(servers);
  const kinds = family === 0 ? ([6, 4] as const) : [family];
  return {
    async ask(host) {
      const answers = await gather(kinds.map((kind) => query(resolver, host, kind)));
      const addresses = answers.flatMap((answer) => ('addresses' in answer ? answer.addresses : []));
      if (addresses.length > 0) return addresses;
      const error = answers.flatMap((answer) => ('error' in answer ? answer.error : [])).find(isRealFailure);
      if (error === undefined) throw new NameFailure(`no name server knows '${host}'`, { temporary: false });
      throw new NameFailure(messageOf(host, error), { temporary: true, cause: error });
    },
    cancel: () => resolver.cancel(),
  };
}

/** All answers in the order of the questions; late ones are left out where there are addresses. */
function gather(asked: readonly Promise<Answer>[]): Promise<readonly Answer[]> {
  return new Promise((resolve) => {
    const answers = new Map<number, Answer>();
    let timer: NodeJS.Timeout | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      resolve(asked.flatMap((_, place) => answers.get(place) ?? []));
    };
    for (const [place, each] of asked.entries()) {
      void each.then((answer) => {
        answers.set(place, answer);
        if (answers.size === asked.length) finish();
        else if ('addresses' in answer && answer.addresses.length > 0) timer = setTimeout(finish, graceMilliseconds);
      });
    }
  });
}

type Answer = { addresses: Address[] } | { error: NodeJS.ErrnoException };

function query(resolver: DnsResolver, host: string, family: 4 | 6): Promise<Answer> {
  return new Promise((resolve) => {
    const answer = (error: NodeJS.ErrnoException | null, found: string[]): void => {
      resolve(error === null ? { addresses: found.map((address) => ({ address, family })) } : { error });
    };
    if (family === 6) resolver.resolve6(host, answer);
    else resolver.resolve4(host, answer);
  });
}

function isRealFailure({ code }: NodeJS.ErrnoException): boolean {
  return !nothing.has(code);
}

function messageOf(host: string, { code }: NodeJS.ErrnoException): string {
  if (code === 'ETIMEOUT' || code === 'ECONNREFUSED') return `no name server answers when asked for '${host}'`;
  if (code === 'ESERVFAIL') return `the name server has failed to find out about '${host}' (SERVFAIL)`;
  if (code === 'EREFUSED') return `the name server refuses to answer for '${host}' (REFUSED)`;
  return `cannot look up '${host}': ${code ?? 'no reason given'}`;
}
