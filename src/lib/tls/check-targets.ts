import { inParallel } from '../concurrency/in-parallel.ts';
import { openFileLimit } from '../concurrency/open-file-limit.ts';
import type { Config } from '../config/schema.ts';
import { createResolver } from '../net/resolver.ts';
import { UserError } from '../errors/user-error.ts';
import { parseDuration } from '../quantity/duration.ts';
import { readSecretFile } from '../secrets/read-secret-file.ts';
import type { CertificateCheck, FindingCode } from './certificate-check.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { checkStored } from './check-stored.ts';
import { type ClientCertificate, readClientCertificate } from './client-certificate.ts';
import type { JudgeOptions } from './judge/judge-options.ts';
import { createDeadlines } from './probe/deadline.ts';
import { finding } from './judge/finding.ts';
import { createKnownCertificates } from './judge/known-certificates.ts';
import type { Protocol } from './protocol.ts';
import { createSecureContexts } from './probe/secure-contexts.ts';
import type { StoredCertificates } from './store/stored-certificates.ts';
import { gatherTargets, type WantedTargets } from './target/gather-targets.ts';
import { comparable } from './target/inventory.ts';
import { defaultCrit, defaultWarn, thresholdOf } from './target/parse-threshold.ts';
import type { PathTarget, Target, TargetSettings } from './target/target.ts';
import type { Threshold } from './target/threshold.ts';
import { loadTrustStore } from './trust/load-trust-store.ts';
import type { TrustStore } from './trust/trust-store.ts';

/** What a run is asked to look at, and how. Durations are in seconds. */
export interface CheckRequest extends Pick<WantedTargets, 'words' | 'stdin' | 'signal'> {
  /** The part of devops.yaml that is about certificates. */
  inventory: NonNullable<Config['ssl-expiry']>;
  file: readonly string[];
  warn?: Threshold | undefined;
  crit?: Threshold | undefined;
  expiryOnly?: boolean | undefined;
  ignoreCodes: ReadonlySet<FindingCode>;
  unreachable?: JudgeOptions['unreachable'] | undefined;
  starttls?: Protocol | undefined;
  servername?: string | undefined;
  address?: string | undefined;
  allIps?: boolean | undefined;
  /** 0: IPv4 and IPv6. */
  family: 0 | 4 | 6;
  bothKeyTypes?: boolean | undefined;
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
  passwordFile?: string | undefined;
  connectTimeout?: number | undefined;
  retries: number;
  concurrency?: number | undefined;
  clientName: string;
  env: Readonly<Record<string, string | undefined>>;
  userId: number;
  now(): Date;
  monotonic(): number;
  onProgress(done: number, total: number): void;
  /** Hears of an error that nobody has expected. */
  onDefect(error: unknown, target: string): void;
}

/** One record for each target as it is known, the quick ones first. Throws UserError for what no target can mend. */
export async function* checkTargets(request: CheckRequest): AsyncGenerator<CertificateCheck> {
  const { inventory, signal, passwordFile, userId } = request;
  const password = passwordFile === undefined ? undefined : readSecretFile(passwordFile, userId);
  const passwords = password === undefined ? [] : [password];
  const { targets, stored } = await gatherTargets({
    words: request.words,
    lists: request.file,
    inventory: inventory.targets ?? [],
    starttls: request.starttls,
    settings: namedSettings(request),
    passwords,
    stdin: request.stdin,
    signal,
  });
  const checks = await prepare(request, password);
  const total = targets.length + stored.length;
  let done = 0;
  request.onProgress(done, total);
  for (const each of stored) {
    request.onProgress(++done, total);
    yield checks.stored(each, { settings: {} });
  }
  const concurrency = Math.min(request.concurrency ?? inventory.concurrency ?? 256, mostAtOnce());
  const look = async (target: Target): Promise<CertificateCheck[]> => {
    try {
      return await (target.kind === 'path' ? checks.path(target) : checks.endpoint(target));
    } catch (error) {
      signal.throwIfAborted();
      request.onDefect(error, comparable(target));
      return [defectRecord(target, error, request.now())];
    }
  };
  for await (const records of inParallel(targets, concurrency, look)) {
    request.onProgress(++done, total);
    yield* records;
  }
}

/** What nobody has thought of must not keep the other targets from being looked at. */
function defectRecord(target: Target, error: unknown, time: Date): CertificateCheck {
  const message = `this is a defect of devops: ${error instanceof Error ? error.message : String(error)}`;
  return {
    schema: 'devops.ssl-expiry/1',
    subject: target.kind === 'path' ? target.path : target.subject,
    status: 'unknown',
    ...(target.settings.owner === undefined ? {} : { owner: target.settings.owner }),
    time: time.toISOString(),
    took_ms: 0,
    certificates: [],
    findings: [finding('internal', message, { hint: 'report it with what --verbose says' })],
  };
}

/** Node itself, the output, the name servers and the programs that are asked for names. */
const descriptorsBesides = 40;
/** A second connection is opened to a server that leaves the first one without an answer. */
const descriptorsOfTarget = 2;

/** Beyond it connections would fail for want of descriptors here, and healthy servers look dead. */
function mostAtOnce(): number {
  const limit = openFileLimit();
  return limit === undefined ? Infinity : Math.max(1, Math.floor((limit - descriptorsBesides) / descriptorsOfTarget));
}

/** What all targets share, made once. */
async function prepare(request: CheckRequest, password: string | undefined) {
  const { inventory, env, signal, now, monotonic } = request;
  const expiryOnly = request.expiryOnly === true;
  const file = request.ca ?? inventory.ca;
  const store: TrustStore = expiryOnly ? noTrust : await loadTrustStore({ env, file });
  const timeoutSeconds =
    request.connectTimeout ?? (inventory.connect_timeout === undefined ? 10 : parseDuration(inventory.connect_timeout));
  const judging = ({ settings }: { settings: TargetSettings }): JudgeOptions => ({
    warn: request.warn ?? settings.warn ?? thresholdFrom(inventory.warn) ?? defaultWarn,
    crit: request.crit ?? settings.crit ?? thresholdFrom(inventory.crit) ?? defaultCrit,
    expiryOnly,
    ignoreCodes: request.ignoreCodes,
    ignore: settings.ignore,
    unreachable: request.unreachable ?? 'unknown',
    now: now().getTime() / 1000,
  });
  const contexts = createSecureContexts({ roots: store.pem, ...clientOf(request, password) });
  const passwords = password === undefined ? [] : [password];
  const endpointChecks = {
    resolve: createResolver({ family: request.family, timeoutSeconds, env, signal }),
    contexts,
    deadlines: createDeadlines(signal),
    store,
    known: createKnownCertificates(),
    timeoutSeconds,
    retries: request.retries,
    clientName: request.clientName,
    family: request.family,
    allAddresses: request.allIps === true,
    bothKeyTypes: request.bothKeyTypes === true,
    judging,
    now,
    monotonic,
    signal,
  };
  const stored = (
    contents: StoredCertificates,
    target: { settings: TargetSettings; path?: string },
    started = monotonic(),
  ): CertificateCheck =>
    checkStored(contents, {
      store,
      judging: judging(target),
      owner: target.settings.owner,
      path: target.path === undefined ? undefined : contents.subject,
      time: now(),
      tookSeconds: monotonic() - started,
    });
  return {
    stored,
    endpoint: (target: Exclude<Target, PathTarget>) => checkEndpoint(target, endpointChecks),
    async path(target: PathTarget): Promise<CertificateCheck[]> {
      const { readStorePath } = await import('./store/read-store-path.ts');
      const records: CertificateCheck[] = [];
      let started = monotonic();
      for await (const contents of readStorePath(target.path, { passwords, signal, timeoutSeconds })) {
        records.push(stored(contents, target, started));
        started = monotonic();
      }
      return records;
    },
  };
}

const noTrust: TrustStore = { pem: '', find: () => [] };

function clientOf({ cert, key }: CheckRequest, passphrase: string | undefined): { client?: ClientCertificate } {
  if (cert !== undefined) {
    return { client: readClientCertificate({ certificateFile: cert, keyFile: key, passphrase }) };
  }
  if (key === undefined) return {};
  throw new UserError('a key without its certificate is of no use', { code: 'usage', hints: ['add --cert FILE'] });
}

function thresholdFrom(value: string | number | undefined): Threshold | undefined {
  return value === undefined ? undefined : thresholdOf(value);
}

function namedSettings({ servername, address }: CheckRequest): Pick<TargetSettings, 'servername' | 'address'> {
  return {
    ...(servername === undefined ? {} : { servername }),
    ...(address === undefined ? {} : { address }),
  };
}
