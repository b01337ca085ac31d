/** Where a rig of this folder listens. */
export interface Endpoint {
  address: string;
  port: number;
}

/** Servers that a test or a bench started and has to stop. */
export interface RunningServers {
  /** One for each server, no two alike. */
  endpoints: readonly Endpoint[];
  stop(): Promise<void>;
}
