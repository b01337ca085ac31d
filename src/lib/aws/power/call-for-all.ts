import { answeredStatus, errorCode, isDenied, isThrottle } from '../failure/error-code.ts';
import type { PowerRun } from './power-run.ts';

/** Why a call did not take one id. */
export interface Refusal {
  id: string;
  error: unknown;
  /**
   * `refused`: for this instance, for good. `capacity`: not now. `failed`: nothing was changed, but another time it
   * may. `uncertain`: nobody knows whether it was done.
   */
  kind: 'refused' | 'capacity' | 'failed' | 'uncertain';
}

export interface CallResult {
  done: readonly string[];
  refusals: readonly Refusal[];
}

/** Codes of a lack of room or of quota, which no isolation of single instances changes. */
const capacityCodes: ReadonlySet<string> = new Set([
  'InsufficientInstanceCapacity',
  'InsufficientHostCapacity',
  'InsufficientReservedInstanceCapacity',
  'InstanceLimitExceeded',
  'VcpuLimitExceeded',
  'MaxSpotInstanceCountExceeded',
  'SpotMaxPriceTooLow',
]);

/** Refused for one of the instances: isolating it lets the others through. */
const poisonCodes: ReadonlySet<string> = new Set(['OperationNotPermitted', 'TagLimitExceeded']);

/** Of answers that are none of AWS. */
const strangeCodes: ReadonlySet<string> = new Set(['', 'Error', 'Unknown', 'SyntaxError', 'ForeignAnswer']);

/** Where so many calls were refused one by one and none taken, it is not about single instances. */
const mostInVain = 16;

/** Pauses before a throttled call is made again, seconds, after the client has given up by itself. */
const throttlePauses = [2, 5, 10, 20, 30] as const;

/**
 * Makes one call for all ids. Those that AWS refuses are taken out, by their ids in its message or, where it names none,
 * by halving, and the call is made again for the rest: one bad instance of a hundred holds up no other. Throttles and
 * missing permission are never halved, which would only multiply the calls. Throws nothing but the signal's reason.
 */
export async function callForAll(
  ids: readonly string[],
  run: Pick<PowerRun, 'pause' | 'signal' | 'monotonic' | 'deadline'>,
  call: (ids: readonly string[]) => Promise<void>,
): Promise<CallResult> {
  const done: string[] = [];
  const refusals: Refusal[] = [];
  let inVain = 0;
  const waiting: (readonly string[])[] = ids.length === 0 ? [] : [ids];
  for (let batch = waiting.pop(); batch !== undefined; batch = waiting.pop()) {
    const failed = await patiently(batch, run, call);
    if (failed === undefined) {
      done.push(...batch);
      continue;
    }
    const { error } = failed;
    const kind = kindOf(error);
    if (batch.length === 1 && done.length === 0) inVain += 1;
    if (inVain >= mostInVain && waiting.length > 0) {
      for (const id of [...batch, ...waiting.splice(0).flat()]) refusals.push({ id, error, kind });
      continue;
    }
    const named = kind === 'refused' ? idsIn(error) : new Set<string>();
    const bad = kind !== 'refused' || batch.length === 1 ? batch : batch.filter((id) => named.has(id));
    for (const id of bad) refusals.push({ id, error, kind });
    if (bad.length === batch.length) continue;
    if (bad.length > 0) {
      waiting.push(batch.filter((id) => !named.has(id)));
      continue;
    }
    const half = Math.ceil(batch.length / 2);
    waiting.push(batch.slice(half), batch.slice(0, half));
  }
  return { done, refusals };
}

/** One call, made again after pauses as long as it is throttled; what it failed with, wrapped, or undefined. */
async function patiently(
  batch: readonly string[],
  { pause, signal, monotonic, deadline }: Pick<PowerRun, 'pause' | 'signal' | 'monotonic' | 'deadline'>,
  call: (ids: readonly string[]) => Promise<void>,
): Promise<{ error: unknown } | undefined> {
  for (const seconds of [...throttlePauses, undefined]) {
    try {
      signal.throwIfAborted();
      await call(batch);
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      const isLast = seconds === undefined || monotonic() + seconds > deadline;
      if (!isThrottle(error) || isLast) return { error };
      await pause(seconds, signal);
    }
  }
  return undefined;
}

function kindOf(error: unknown): Refusal['kind'] {
  const code = errorCode(error);
  if (capacityCodes.has(code)) return 'capacity';
  if (poisonCodes.has(code)) return 'refused';
  if (isThrottle(error) || isDenied(error)) return 'failed';
  const status = answeredStatus(error);
  // No answer at all, half of one, or an answer of a server in trouble: the call may have been carried out.
  if (status === undefined || status >= 500 || status < 400) return 'uncertain';
  // The page of a proxy.
  if (strangeCodes.has(code)) return 'failed';
  return isAboutCaller(code) ? 'failed' : 'refused';
}

/** Signature, credentials, region: equally bad for every instance. */
function isAboutCaller(code: string): boolean {
  return /^(?:Auth|Request|Signature|InvalidClient|MissingAuth|OptIn|ExpiredToken|InvalidSecurity|IncompleteSignature|InvalidAction|UnknownParameter|MissingParameter|PendingVerification|Blocked)/.test(
    code,
  );
}

/** `The instance IDs 'i-0123456789abcdef0, i-0fedcba9876543210' do not exist` */
function idsIn(error: unknown): ReadonlySet<string> {
  const message = error instanceof Error ? error.message.slice(0, 65_536) : '';
  return new Set(message.match(/\bi-[0-9a-f]{8,17}\b/g));
}
