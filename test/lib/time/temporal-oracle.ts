/** What the tests use of Temporal, whose types TypeScript does not bring for our target. */
export interface ZonedDateTime {
  epochMilliseconds: number;
  offsetNanoseconds: number;
  year: number;
  getTimeZoneTransition(direction: 'next'): ZonedDateTime | null;
  toPlainDateTime(): PlainDateTime;
}

export interface PlainDateTime {
  equals(other: PlainDateTime): boolean;
  toZonedDateTime(zone: string, options: { disambiguation: 'earlier' | 'later' }): ZonedDateTime;
}

interface Temporal {
  ZonedDateTime: new (nanoseconds: bigint, zone: string) => ZonedDateTime;
  PlainDateTime: {
    from(fields: {
      year: number;
      month: number;
      day: number;
      hour: number;
      minute: number;
      second: number;
    }): PlainDateTime;
  };
}

/** Missing before Node 26. */
export const temporal = (globalThis as { Temporal?: Temporal }).Temporal;

export function zonedOf(seconds: number, zone: string): ZonedDateTime {
  return new temporal!.ZonedDateTime(BigInt(Math.floor(seconds)) * 1_000_000_000n, zone);
}

/** Unix seconds of each transition of a zone from the begin of one year to the end of another. */
export function transitionsOf(zone: string, firstYear: number, lastYear: number): number[] {
  const found: number[] = [];
  let at = zonedOf(Date.UTC(firstYear, 0, 1) / 1000, zone).getTimeZoneTransition('next');
  while (at !== null && at.year <= lastYear) {
    found.push(at.epochMilliseconds / 1000);
    at = at.getTimeZoneTransition('next');
  }
  return found;
}
