import { existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { replaceFile } from '../../files/replace-file.ts';
import { systemErrorName, systemFailure } from '../../files/system-failure.ts';

/** One file of an exported function. Public: printed by lambda export. */
export interface ExportedFile {
  file: string;
  /** `would ...`: a plan or a dry run. `unchanged`: it had this content already. */
  state: 'would write' | 'would replace' | 'written' | 'replaced' | 'unchanged';
  size_bytes: number;
}

/** What writing these files there would do. Throws a UserError for what cannot be looked at. */
export function planExport(folder: string, files: ReadonlyMap<string, Uint8Array>): ExportedFile[] {
  return Array.from(files, ([name, content]) => {
    const file = join(folder, name);
    return { file, state: stateOf(file, content), size_bytes: content.length };
  });
}

/** Writes one planned file whole or not at all, readable for everybody. */
export function writeExported(planned: ExportedFile, content: Uint8Array): ExportedFile {
  if (planned.state === 'unchanged') return planned;
  replaceFile(planned.file, content, { mode: 0o644 });
  return { ...planned, state: planned.state === 'would replace' ? 'replaced' : 'written' };
}

/** Makes the folder and what is missing above it. Throws a UserError where the system does not let it. */
export function makeFolder(folder: string): void {
  // Node's own recursive way never ends below a folder in which the system makes none and says ENOENT, such as /proc.
  const missing: string[] = [];
  for (let at = folder; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  for (const path of missing) {
    try {
      mkdirSync(path);
    } catch (error) {
      // Somebody else has made it meanwhile.
      if (systemErrorName(error) !== 'EEXIST') throw systemFailure(`cannot make the folder '${path}'`, error);
    }
  }
}

function stateOf(file: string, content: Uint8Array): 'would write' | 'would replace' | 'unchanged' {
  try {
    const stats = lstatSync(file);
    // Neither a device nor a file of another size is read.
    const isSame = stats.isFile() && stats.size === content.length && readFileSync(file).equals(content);
    return isSame ? 'unchanged' : 'would replace';
  } catch (error) {
    if (systemErrorName(error) === 'ENOENT') return 'would write';
    throw systemFailure(`cannot look at '${file}'`, error);
  }
}
