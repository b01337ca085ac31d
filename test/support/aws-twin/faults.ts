import type { TwinCall } from './call.ts';

/**
 * What goes wrong. An error code (`RequestLimitExceeded`), with its own words if need be, is answered and nothing is done.
 * `reset`: the connection is reset and nothing is done; `lost`: it is done, and the answer is lost in a reset.
 * `truncate`: done, and the document ends in its middle, by HTTP a whole answer; `cut`: the connection ends there. `html`: a proxy's page instead, nothing done. `hang`: no answer.
 * `delay`: after so many real seconds. `duplicate-page`: the page before once more
 * (hits only requests for a further page). `before`, `after`: a hook around it.
 */
export type FaultEffect =
  | 'reset'
  | 'lost'
  | 'truncate'
  | 'cut'
  | 'html'
  | 'hang'
  | 'duplicate-page'
  | { code: string; message?: string; status?: number }
  | { delay: number }
  | { before: (call: TwinCall) => Promise<void> | void }
  | { after: (call: TwinCall) => Promise<void> | void };

export interface FaultOptions {
  /** Default: every operation. */
  operation?: string;
  region?: string;
  /** Which requests it may hit, beside these names. */
  when?: (call: TwinCall) => boolean;
  /** Lets so many requests pass that it could hit. */
  skip?: number;
  /** How often it hits; default once; Infinity for always. */
  times?: number;
  /** Hits with this probability, as often as `times` says (default: no limit). */
  probability?: number;
  /** Not an error when it never hits; so it is with a probability. */
  optional?: boolean;
  /** Any other text than the words of FaultEffect is an error code. */
  effect: FaultEffect | (string & {});
}

export interface Fault {
  readonly options: FaultOptions;
  readonly effect: FaultEffect;
  /** How often it has hit. */
  used: number;
}

const words = ['reset', 'lost', 'truncate', 'cut', 'html', 'hang', 'duplicate-page'];

/** A list of scripted faults; `draw` takes the first that hits, or nothing. */
export function scriptedFaults(random: () => number) {
  const faults: (Fault & { passed: number })[] = [];
  return {
    add(options: FaultOptions): Fault {
      const { effect } = options;
      const known = typeof effect !== 'string' || words.includes(effect);
      const fault = { options, effect: known ? (effect as FaultEffect) : { code: effect }, used: 0, passed: 0 };
      faults.push(fault);
      return fault;
    },
    draw(call: TwinCall): FaultEffect | undefined {
      for (const fault of faults) {
        const { operation, region, when, skip = 0, probability } = fault.options;
        const { times = probability === undefined ? 1 : Infinity } = fault.options;
        if (fault.used >= times) continue;
        if (operation !== undefined && operation !== call.operation) continue;
        if (region !== undefined && region !== call.region) continue;
        if (fault.effect === 'duplicate-page' && call.parameters['NextToken'] === undefined) continue;
        if (when !== undefined && !when(call)) continue;
        if (fault.passed < skip) {
          fault.passed += 1;
          continue;
        }
        if (probability !== undefined && random() >= probability) continue;
        fault.used += 1;
        return fault.effect;
      }
      return undefined;
    },
    /** Those that a test scripted and never met: what it tests did not happen. */
    unused(): string[] {
      return faults
        .filter(({ options: { times = 1, probability, optional }, used }) => {
          if (optional === true || probability !== undefined) return false;
          return used < (times === Infinity ? 1 : times);
        })
        .map(({ options, used }) => {
          const effect = typeof options.effect === 'string' ? options.effect : JSON.stringify(options.effect);
          return `${effect} of ${options.operation ?? 'any operation'}: used ${used} of ${options.times ?? 1} times`;
        });
    },
    forget(): void {
      faults.length = 0;
    },
  };
}
