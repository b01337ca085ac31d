import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutNode, devops, ensureBuilt } from '../checkout.ts';
import { environment, type BenchRequest } from '../harness.ts';
import { versionLine } from '../programs.ts';
import type { Contender } from './comparison.ts';
import { openLogFiles, type LogFiles, type LogSize } from './data/log-files.ts';
import { openStorage, type Storage, type StorageOptions } from './data/storage.ts';

/** What every part works with. */
export interface Rig {
  storage: Storage;
  files: LogFiles;
  /** An empty folder: no devops.yaml and no file of a peer is found there. */
  cwd: string;
  /** The same for every command. */
  env: NodeJS.ProcessEnv;
  node: string;
  /** The built devops, started by the pinned node directly. `words` are the command line without paths. */
  devops(words: string, args: readonly string[], more?: Partial<Contender>): Contender;
}

export function openRig(request: BenchRequest, size: LogSize, options: StorageOptions): Rig {
  ensureBuilt();
  const storage = openStorage(options);
  const cwd = join(storage.output, 'cwd');
  const state = join(storage.output, 'state');
  mkdirSync(cwd);
  mkdirSync(state);
  const node = checkoutNode();
  const start = [node, devops];
  const version = `devops ${versionLine([...start, '--version'], environment)} on Node ${versionLine([node, '--version'], environment)}`;
  return {
    storage,
    files: openLogFiles(storage, size, request.signal),
    cwd,
    node,
    // The C locale is the one in which grep and awk are fastest; the logs are of UTC.
    env: { ...environment, TZ: 'UTC', LC_ALL: 'C', STATE_DIRECTORY: state },
    devops: (words, args, more) => ({
      name: `devops logs-grep ${words}`,
      argv: [...start, 'logs-grep', ...args],
      version,
      ...more,
    }),
  };
}
