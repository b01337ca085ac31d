import type { Answers } from './answers.ts';

/** One command of a comparison. */
export interface Contender {
  /** The command line as somebody would type it. */
  name: string;
  argv: readonly string[];
  version: string;
  /** What it may end with when it worked; 0 unless told. */
  exitCodes?: readonly number[];
  /** What its output says. Under the same name all contenders must say the same; left out, they print the same bytes. */
  answers?: (output: string) => Answers | Promise<Answers>;
  /** What devops has to reach against it. */
  bars?: readonly Bar[];
}

/** A peer that is not here, and how to get it: named, never left out. */
export interface MissingContender {
  name: string;
  missing: string;
}

/**
 * `atLeast` is the peer's figure over that of devops, as in "10x faster"; `atMost` is that of devops over the peer's, as in
 * "costs 1.3x"; `atMostMore` is the difference in seconds.
 */
export type Bar = { figure: 'CPU' | 'wall' } & ({ atLeast: number } | { atMost: number } | { atMostMore: number });

/** Commands that answer the same question, devops first. */
export interface Comparison {
  /** The question. */
  title: string;
  contenders: readonly (Contender | MissingContender)[];
  /** Done before each run, outside of its time. */
  prepare?: () => void;
}
