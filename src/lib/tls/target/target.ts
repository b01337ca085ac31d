import type { Protocol } from '../protocol.ts';
import type { Threshold } from './threshold.ts';

/** One thing whose certificates are to be looked at. */
export type Target = EndpointTarget | PathTarget;

/** A server. */
export interface EndpointTarget {
  kind: 'endpoint';
  /** The one form in which it is reported: `example.com:443`, `[2001:db8::1]:443`, `smtp://mx.example.com:25`. */
  subject: string;
  /** Name in ASCII (`xn--...`), lower case, or address without brackets and zone. */
  host: string;
  /** 0 for a name, 4 or 6 for an address. */
  addressFamily: 0 | 4 | 6;
  port: number;
  protocol: Protocol;
  settings: TargetSettings;
}

/** A file, or a folder of them. */
export interface PathTarget {
  kind: 'path';
  /** As typed. */
  path: string;
  settings: TargetSettings;
}

/** What the inventory says of one target; options of the command line win. */
export interface TargetSettings {
  owner?: string;
  /** Name to ask for and to compare with, where it is not the host. */
  servername?: string;
  /** Address to connect to instead of what DNS says. */
  address?: string;
  warn?: Threshold;
  crit?: Threshold;
  ignore?: TargetIgnore;
}

/** Findings that are known and shall not alarm. */
export interface TargetIgnore {
  /** Codes of findings; undefined is all of them. */
  codes?: readonly string[];
  /** Unix time from which on they count again; undefined is never. */
  until?: number;
}
