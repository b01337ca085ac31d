import { readdirSync } from 'node:fs';
import { systemErrorName, systemFailure } from '../files/system-failure.ts';

const nameForm = /^[\w-]{1,100}\.json$/;

/** Files of a folder that are meant to be entries, and the others, but for temporary ones. None where it is not there. */
export function listEntries(folder: string): { names: string[]; foreign: string[]; temporary: string[] } {
  const listed = { names: [] as string[], foreign: [] as string[], temporary: [] as string[] };
  let all: string[];
  try {
    all = readdirSync(folder);
  } catch (error) {
    if (systemErrorName(error) === 'ENOENT') return listed;
    throw systemFailure(`cannot read the spool '${folder}'`, error, [`see who may: ls -ld '${folder}'`]);
  }
  for (const name of all) {
    if (nameForm.test(name)) listed.names.push(name);
    else if (name.startsWith('.')) listed.temporary.push(name);
    else listed.foreign.push(name);
  }
  return listed;
}

/** Name of the file of an entry; throws on an id that could not be one. */
export function entryFileName(id: string): string {
  const name = `${id}.json`;
  if (!nameForm.test(name)) throw new RangeError(`not an id of the spool: ${JSON.stringify(id)}`);
  return name;
}
