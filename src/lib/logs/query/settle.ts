import type { StartedQuery } from './start-query.ts';

/** The end of a query, once its output is with the system, or lost: only then may a state say what was delivered. */
export type Settle = (wasWritten: boolean) => void;

export function settlementOf(
  started: Pick<StartedQuery, 'finish' | 'close'>,
  recentHits: ReadonlyMap<string, readonly number[]>,
): Settle {
  return (wasWritten) => {
    try {
      if (wasWritten) started.finish(recentHits);
    } finally {
      started.close();
    }
  };
}
