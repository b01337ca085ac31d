import { UserError } from '../../errors/user-error.ts';
import { jobNameMistake } from '../../jobs/job-name.ts';
import { parseOffWeek } from '../parse-schedule.ts';
import { looksLikeCron } from './read-cron.ts';

export type ExpressionKind = 'words' | 'offhours' | 'cron' | 'job';

/** In which way a text tells times. What is a schedule in words stays one, also where a job has that name. */
export function expressionKind(text: string): ExpressionKind {
  if (looksLikeOffhours(text)) return 'offhours';
  if (looksLikeCron(text)) return 'cron';
  return jobNameMistake(text) === undefined && !isWords(text) ? 'job' : 'words';
}

/** No words have an equals sign, also not one that is escaped for services that forbid it in tags. */
function looksLikeOffhours(text: string): boolean {
  return /=|u3d/i.test(text) || /^\s*o(?:n|ff)[\s;]*$/i.test(text);
}

function isWords(text: string): boolean {
  try {
    parseOffWeek({ off: text });
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
