import { mask, redactText, secretWords } from './redact.ts';

// `--password-file FILE` names no secret, only where it is.
const secretOption = new RegExp(
  String.raw`((?:^|[\s'"])--?[\w-]{0,40}(?:${secretWords})(?![\w-]*-(?:file|path|stdin|env))[\w-]{0,40}\s+)(?!-)(?:(["'])[^"']*\2|\S+)`,
  'gi',
);

/** A program and its arguments as one text, without what looks like a password: `dump --password [redacted]`. */
export function redactCommand(argv: readonly string[]): string {
  return redactText(argv.join(' ')).replace(secretOption, `$1${mask}`);
}
