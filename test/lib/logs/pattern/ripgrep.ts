import { createRequire } from 'node:module';
import { requireProgram } from '../../../support/services.ts';

/** The ripgrep that we bring where there is one for this machine, else the one that is installed. */
export function ripgrep(why: string): string | undefined {
  try {
    const require = createRequire(import.meta.url);
    return require.resolve(`@vscode/ripgrep-${process.platform}-${process.arch}/bin/rg`);
  } catch {
    return requireProgram('rg', why);
  }
}
