import { join } from 'node:path';
import { UserError } from '../../errors/user-error.ts';
import { replaceFile } from '../../files/replace-file.ts';
import type { Environment } from '../../shell/find-program.ts';
import { type ProgramOptions, runProgram } from '../../shell/run-program.ts';
import type { ProgramResult } from '../../shell/program-result.ts';
import { ensurePrivateDirectory } from '../../state/private-directory.ts';
import { printable } from '../../text/printable.ts';
import { replaceBlock } from './crontab-block.ts';

export interface CrontabAccess {
  env: Environment;
  signal: AbortSignal;
}

export interface CrontabChange {
  /** Every byte is one character, for a crontab has no encoding. */
  before: string;
  after: string;
}

/** cron itself takes crontabs of up to 256 KiB and never more than 10,000 lines. */
const mostBytes = 1_048_576;
const timeoutSeconds = 30;

/**
 * What putting `block` in the place of our block of `config` would make of the user's crontab; '' takes it out. Throws
 * UserError when the crontab cannot be read or its marks do not pair.
 */
export async function planCrontab(access: CrontabAccess, config: string, block: string): Promise<CrontabChange> {
  const before = await readCrontab(access);
  const [configBytes, blockBytes] = [config, block].map((text) => Buffer.from(text).toString('latin1'));
  return { before, after: replaceBlock(before, configBytes!, blockBytes!) };
}

/** Text of a crontab's bytes for people, as far as it is UTF-8. */
export function crontabText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}

/**
 * Writes the new crontab, keeps the old one as a file of `backups` and reads what was written. Answers with that file.
 * Throws UserError, and nothing was changed, when somebody else changed the crontab since it was planned.
 */
export async function writeCrontab(
  access: CrontabAccess,
  { before, after }: CrontabChange,
  backups: { folder: string; uid: number; now: Date },
): Promise<string | undefined> {
  const kept = before === '' ? undefined : keepCrontab(before, backups);
  if ((await readCrontab(access)) !== before) {
    throw new UserError('nothing was written: the crontab was changed by somebody else meanwhile', {
      code: 'busy',
      hints: ['look at the difference again: devops schedule render --to crontab --diff'],
    });
  }
  const hints = kept === undefined ? [] : [`the crontab as it was: crontab '${kept}'`];
  const result = await runCrontab(['-'], access, Buffer.from(after, 'latin1'));
  if (!isSuccess(result)) throw new UserError(`crontab refused the new crontab: ${complaint(result)}`, { hints });
  if ((await readCrontab(access)) !== after) {
    throw new UserError('the crontab is not what was written: somebody else changed it at the same time', { hints });
  }
  return kept;
}

async function readCrontab(access: CrontabAccess): Promise<string> {
  const result = await runCrontab(['-l'], access);
  if (isSuccess(result)) {
    const { head, omittedBytes, complete } = result.stdout;
    if (omittedBytes === 0 && complete) return head.toString('latin1');
    throw new UserError('the crontab is too large to be changed, or could not be read to its end');
  }
  const isAbsent = result.end.kind === 'exited' && /^no crontab for/im.test(result.stderr.head.toString());
  if (isAbsent) return '';
  throw new UserError(`cannot read the crontab: ${complaint(result)}`);
}

async function runCrontab(words: string[], { env, signal }: CrontabAccess, input?: Buffer): Promise<ProgramResult> {
  const options: ProgramOptions = {
    argv: ['crontab', ...words],
    // Its messages are read.
    env: { ...env, LC_ALL: 'C' },
    input,
    signal,
    timeoutSeconds,
    capture: { headBytes: mostBytes, tailBytes: 0 },
  };
  const result = await runProgram(options);
  if (result.end.kind === 'not-started') {
    throw new UserError(result.end.message, {
      code: 'not-found',
      hints: ['install cron, such as: apt-get install cron', 'or render for --to systemd'],
    });
  }
  signal.throwIfAborted();
  return result;
}

function isSuccess({ end }: ProgramResult): boolean {
  return end.kind === 'exited' && end.code === 0;
}

function complaint({ end, stderr }: ProgramResult): string {
  const words = printable(stderr.head.toString().trim().slice(0, 500));
  return words === '' ? (end.kind === 'exited' ? `exit code ${end.code}` : end.kind) : words;
}

function keepCrontab(content: string, { folder, uid, now }: { folder: string; uid: number; now: Date }): string {
  const backups = join(folder, 'crontab-backup');
  ensurePrivateDirectory(backups, uid);
  const file = join(backups, now.toISOString().replaceAll(/[-:]/g, ''));
  replaceFile(file, Buffer.from(content, 'latin1'));
  return file;
}
