import type { LoadedConfig } from './lib/config/load-config.ts';
import { UserError } from './lib/errors/user-error.ts';
import type { Runtime } from './runtime.ts';

/**
 * The configuration of a Lambda function: none. Its bundle takes this in the place of read-config.ts, because the reader
 * of devops.yaml is larger than all that the function needs of it.
 */
export function readConfig(_runtime: Runtime, explicitPath: string | undefined): Promise<LoadedConfig> {
  if (explicitPath === undefined) return Promise.resolve({ origin: 'search', config: {}, source: () => 'default' });
  const error = new UserError(`the function reads no devops.yaml, nor '${explicitPath}'`, {
    code: 'usage',
    hints: ['write what it says as options into argv'],
  });
  return Promise.reject(error);
}
