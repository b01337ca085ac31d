/** What a schedule wants of a machine: `none` where it has nothing to say (opted out, or only the other side is set). */
export type Desired = 'on' | 'off' | 'none';

/** What holds at a moment. */
export interface ScheduleState {
  desired: Desired;
  /** Unix time of the transition that brought this about; undefined when there has never been one. */
  since?: number;
}

/** A moment at which a schedule switches. */
export interface Transition {
  /** Unix time. */
  at: number;
  to: 'on' | 'off';
  /**
   * What the clocks do there: `skipped` when the wall time does not exist and the first moment behind it is taken,
   * `repeated` when it comes twice and the first one is taken.
   */
  clock: 'unique' | 'skipped' | 'repeated';
}

/** The one model behind every way of writing a schedule. */
export interface Schedule {
  /**
   * As it is told to people and kept in tags: the canonical words and the zone, such as `weekend Europe/Berlin`. Equal
   * for equal schedules, at most 120 characters, of those that every service allows in a tag value.
   */
  name: string;
  at(unixSeconds: number): ScheduleState;
  /** The transitions after a moment in order, none twice. It ends when there is none within 400 days. */
  transitionsAfter(unixSeconds: number): Generator<Transition>;
}
