import { ApiError } from './api-error.ts';
import { tokenBuckets, type BucketOptions } from './buckets.ts';
import type { CallHook, TwinCall } from './call.ts';
import { startClock, type ClockOptions, type TwinClock } from './clock.ts';
import { scriptedFaults, type Fault, type FaultOptions } from './faults.ts';
import { openKeyring } from './keyring.ts';
import { serveMetadata, type MetadataService } from './metadata.ts';
import { hexDigits, seededRandom } from './random.ts';
import { respond, type Responder } from './respond.ts';
import { serve } from './server.ts';
import { openRegion, type TwinRegion } from './twin-region.ts';

export interface TwinOptions {
  clock?: ClockOptions;
  /** Of all that is drawn: identifiers, delays, probabilities. */
  seed?: number;
  /** Names of the regions that exist; default eu-central-1, eu-west-1, us-east-1. */
  regions?: readonly string[];
  /** 12 digits each; the first is the default. Default 111122223333 alone. */
  accounts?: readonly string[];
  /** Seconds by which reads of instances lag behind; default 0. */
  staleSeconds?: number;
  /** What instances take from pending to running, and from stopping to stopped, unless they say otherwise. */
  pendingSeconds?: number;
  stoppingSeconds?: number;
  /** Default: no throttling. */
  buckets?: readonly BucketOptions[];
  /** Answers are written in pieces of so many bytes. */
  pieceBytes?: number;
  /** Seconds by which the services' clock is ahead of this machine's; default 0. */
  skewSeconds?: number;
}

/** EC2, Auto Scaling and STS on 127.0.0.1. */
export interface Twin {
  readonly url: string;
  /** For a child or a test runtime: keys of the first account, its first region, the twin's address, no metadata service. */
  readonly env: Record<string, string>;
  readonly clock: TwinClock;
  /** Every signed request, the oldest first. */
  readonly calls: readonly TwinCall[];
  /** Settable: seconds by which the services' clock is ahead of this machine's. */
  skewSeconds: number;
  /** Default: the first region of the first account. */
  region(name?: string, account?: string): TwinRegion;
  /** What `env` is, for another account. */
  accountEnv(account: string): Record<string, string>;
  fault(options: FaultOptions): Fault;
  /** Drops the scripted faults, used or not. */
  forgetFaults(): void;
  /** Awaited before and after each request; returns what takes the hook away. */
  onCall(hook: CallHook): () => void;
  /** The metadata service of an instance, on a port of its own. */
  serveMetadata(instance: string, region?: string): Promise<MetadataService>;
  /** Ends it. Throws when a scripted fault was never met, or the twin itself has failed. */
  stop(): Promise<void>;
}

type Random = () => number;

/** Starts a twin on a port of its own: strict, stateful, and the same each time for the same seed. */
export async function startTwin(options: TwinOptions = {}): Promise<Twin> {
  const { regions = ['eu-central-1', 'eu-west-1', 'us-east-1'], accounts = ['111122223333'] } = options;
  // A stream of its own for each use: one request more, such as a client's second attempt, moves no delay and no fault.
  const { seed = 1 } = options;
  const [random, chance, request] = [0, 1, 2].map((use) => seededRandom(seed * 3 + use)) as [Random, Random, Random];
  const clock = startClock(options.clock);
  let skewSeconds = options.skewSeconds ?? 0;
  const serviceTime = () => new Date(Date.now() + skewSeconds * 1000);
  const keyring = openKeyring(accounts, random, serviceTime);
  let addresses = 0;
  const publicIp = () => {
    addresses += 1;
    // 198.18.0.0/15 is for tests of networks: it is nobody's.
    return `198.${18 + (Math.floor(addresses / 65_536) % 2)}.${Math.floor(addresses / 256) % 256}.${addresses % 256}`;
  };
  const { staleSeconds = 0, pendingSeconds, stoppingSeconds } = options;
  const around = { clock, random, staleSeconds, pendingSeconds, stoppingSeconds, publicIp };
  const opened = new Map(
    accounts.flatMap((account) =>
      regions.map((name) => [`${account} ${name}`, openRegion(name, account, around)] as const),
    ),
  );
  const regionOf = (name: string, account: string) => {
    const found = opened.get(`${account} ${name}`);
    if (found === undefined) throw new Error(`the twin has no region ${name} of account ${account}`);
    return found;
  };
  const calls: TwinCall[] = [];
  const hooks = new Set<CallHook>();
  const failures: unknown[] = [];
  const faults = scriptedFaults(chance);
  const takeToken = tokenBuckets(options.buckets ?? [], clock);
  const responder: Responder = {
    keys: keyring.keys,
    serviceTime,
    settle: clock.settle,
    context({ keys, accessKey, region, service }) {
      const { state } = opened.get(`${keys.account} ${region}`) ?? { state: undefined };
      if (state === undefined) {
        throw new ApiError('SignatureDoesNotMatch', `Credential should be scoped to a valid region, not '${region}'.`);
      }
      if (!state.enabled) {
        throw service === 'ec2'
          ? new ApiError('AuthFailure', 'AWS was not able to validate the provided access credentials')
          : new ApiError('InvalidClientTokenId', 'The security token included in the request is invalid.');
      }
      return {
        caller: { account: keys.account, arn: keys.arn, accessKey },
        region: state,
        regions: () => regions.map((name) => regionOf(name, keys.account).state),
        assume: keyring.assume,
      };
    },
    record(details) {
      const call = { ...details, number: calls.length + 1, at: clock.now(), outcome: undefined, carriedOut: false };
      calls.push(call);
      return call;
    },
    async hooks(call, moment) {
      for (const hook of hooks) await hook(call, moment);
    },
    drawFault: faults.draw,
    takeToken,
    requestId: () => hexDigits(request, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    lastAnswers: new Map(),
    failed: (error) => void failures.push(error),
  };
  const server = await serve((one) => respond(one, responder), {
    pieceBytes: options.pieceBytes,
    date: serviceTime,
  });
  const metadata: MetadataService[] = [];
  const accountEnv = (account: string) => ({
    ...keyring.env(account),
    AWS_REGION: regions[0]!,
    AWS_ENDPOINT_URL: server.url,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/nonexistent/config',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
  });
  return {
    url: server.url,
    env: accountEnv(accounts[0]!),
    clock,
    calls,
    get skewSeconds() {
      return skewSeconds;
    },
    set skewSeconds(seconds) {
      skewSeconds = seconds;
    },
    region: (name = regions[0]!, account = accounts[0]!) => regionOf(name, account).region,
    accountEnv,
    fault: faults.add,
    forgetFaults: faults.forget,
    onCall(hook) {
      hooks.add(hook);
      return () => void hooks.delete(hook);
    },
    async serveMetadata(instance, name = regions[0]!) {
      const service = await serveMetadata(regionOf(name, accounts[0]!).region.instance(instance), name);
      metadata.push(service);
      return service;
    },
    async stop() {
      await Promise.all([server.stop(), ...metadata.map((service) => service.stop())]);
      const errors = [...failures, ...server.failures];
      if (errors.length > 0) throw new AggregateError(errors, `the twin itself has failed: ${String(errors[0])}`);
      const unused = faults.unused();
      if (unused.length > 0) throw new Error(`scripted faults were never met: ${unused.join('; ')}`);
    },
  };
}
