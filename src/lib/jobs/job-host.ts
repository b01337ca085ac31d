import type { NotifierSettings } from '../notify/settings.ts';
import type { Environment } from '../shell/find-program.ts';

/** What a job needs of the machine and of the run that watches it. */
export interface JobHost {
  env: Environment;
  /** Undefined when the working directory was deleted. */
  cwd: string | undefined;
  uid: number;
  pid: number;
  hostname: string;
  /** From passwd. */
  homeDirectory: string | undefined;
  /** argv that starts devops. */
  self: readonly [string, ...string[]];
  notifiers: Readonly<Record<string, NotifierSettings>>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Seconds of a clock that nobody sets. */
  monotonic(): number;
  pause(seconds: number, signal: AbortSignal): Promise<void>;
  /** At least 0 and below 1. */
  random(): number;
  /** An interruption: the job is ended. */
  signal: AbortSignal;
  /** A second one: it is killed. */
  urgent: AbortSignal;
  /** Default 20 seconds, and 5 after an interruption. */
  patience?: DeliveryPatience;
  /** What went wrong around the job, for people: one line. */
  warn(message: string): void;
  /** What is being done, for -v. */
  debug(message: string): void;
}

/** How long a run waits for those who are told. */
export interface DeliveryPatience {
  usualSeconds: number;
  /** After an interruption: the machine may be going down. */
  hurriedSeconds: number;
}
