/** A server on this machine that a test started. */
export interface TestServer {
  port: number;
  /** Resolves when it has ended, its connections with it; more than once does no harm. */
  close(): Promise<void>;
}

/** Servers of one test file: each is kept when it has started, and all are ended together. */
export interface ServerPark {
  keep<Server extends { close(): Promise<void> }>(starting: Promise<Server>): Promise<Server>;
  close(): Promise<void>;
}

export function serverPark(): ServerPark {
  const started: Promise<{ close(): Promise<void> }>[] = [];
  return {
    keep(starting) {
      started.push(starting);
      return starting;
    },
    async close() {
      for (const server of await Promise.allSettled(started.splice(0))) {
        // One that never started has nothing to end, and its failure was told where it was awaited.
        if (server.status === 'fulfilled') await server.value.close();
      }
    },
  };
}
