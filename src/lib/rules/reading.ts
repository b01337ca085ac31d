import type { Labels } from './declared-metric.ts';

/** What is known about one metric right now. */
export interface Reading {
  samples: readonly Sample[];
  /** What is there and could not be read; unlike a sample that is not there, it may hide a bad value. */
  unreadable?: readonly Gap[];
  /** What a forecast has too little history for. */
  notYetKnown?: readonly Gap[];
  /** Why this machine does not have the metric at all. */
  unavailable?: string;
  /** A count over a complete list: what a rule names and is not in the list counts 0. */
  absentIsZero?: boolean;
}

interface Subject {
  labels: Labels;
  /** More label sets that mean this instance, for rules that name one of them: other mount points of a filesystem. */
  alternatives?: readonly Labels[];
}

export interface Sample extends Subject {
  /** In the metric's unit; Infinity for 'never'. */
  value: number;
}

export interface Gap extends Subject {
  /** The labels that are known; those that are not may have any value. */
  labels: Labels;
  message: string;
}
