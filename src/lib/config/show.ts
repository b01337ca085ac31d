import { redactText } from '../log/redact.ts';
import { formatPath } from './config-path.ts';
import type { LoadedConfig } from './load-config.ts';

/** One line of `devops config show`. */
export interface ConfigSetting {
  /** The way to the value, such as `sysinfo.rules[0].if`; `config` is the file itself. */
  key: string;
  /** Text, a number, a boolean or an empty list; null for the file when there is none. */
  value: unknown;
  /** `FILE:LINE:COLUMN`, `default`, `--config` or `environment DEVOPS_CONFIG`. */
  source: string;
}

/** Where people write command lines, URLs and values of their own. */
const freeText = new Set(['defaults', 'notify', 'jobs']);

/**
 * Every value that counts, with where it comes from, the file first. A configuration holds `{ env: NAME }` or
 * `{ file: PATH }` in the place of a secret, and what is shown is that reference. What looks like a secret in a command
 * line, a URL or a variable, which nobody can forbid, is masked.
 */
export function configSettings(loaded: LoadedConfig): ConfigSetting[] {
  const origins = { option: '--config', environment: 'environment DEVOPS_CONFIG', search: 'default' };
  const settings: ConfigSetting[] = [{ key: 'config', value: loaded.path ?? null, source: origins[loaded.origin] }];
  collect(loaded.config, []);
  return settings;

  function collect(value: unknown, path: readonly PropertyKey[]): void {
    if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
      const isList = Array.isArray(value);
      for (const [key, part] of Object.entries(value)) collect(part, [...path, isList ? Number(key) : key]);
    } else if (path.length > 0) {
      const key = formatPath(path);
      const source = loaded.source(key);
      const place = source === 'default' ? source : `${source.file}:${source.line}:${source.column}`;
      const isFree = typeof value === 'string' && freeText.has(String(path[0]));
      settings.push({ key, value: isFree ? redactText(value) : value, source: place });
    }
  }
}
