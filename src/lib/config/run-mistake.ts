import { grepsLogs } from '../jobs/greps-logs.ts';
import type { TextMistake } from './text-mistake.ts';

/** What is wrong with the `run` of a job, a list or a command line for the shell. */
export function runMistake(run: string | readonly string[]): TextMistake | undefined {
  const words = typeof run === 'string' ? [run] : run;
  const [first = ''] = words;
  if (first.trim() === '') return { message: 'found no program', hint: 'write for instance [devops, sysinfo]' };
  if (words.some((word) => word.includes('\0'))) return { message: 'found a NUL character', hint: 'remove it' };
  if (words.some((word) => dateOfCrontab.test(word))) {
    return { message: String.raw`found '\%', which means % in a crontab only`, hint: 'write % without the backslash' };
  }
  if (typeof run !== 'string' && run.length === 1 && /\s/.test(first)) {
    return { message: 'found a command line in a list', hint: 'write it without the brackets, or each word by itself' };
  }
  if (!grepsLogs(run)) return undefined;
  return {
    message: 'logs-grep answers here as grep does: 0 for lines that are found, and nobody would be told',
    hint: 'add --alert, --threshold or --rules, which judge what is found',
  };
}

/** `date +\%F`, copied out of a crontab. Elsewhere `\%` may be meant, as in LIKE of SQL. */
const dateOfCrontab = /\+[^\s%\\]{0,100}\\%[a-zA-Z]/;
