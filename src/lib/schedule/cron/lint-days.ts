import { eitherDay, monthsLeftOut, onlyLeapDays } from './can-fire.ts';
import type { CronSchedule } from './cron-schedule.ts';
import { fieldKinds } from './field-kinds.ts';
import type { CronFinding, CronTarget } from './finding.ts';

/** What the fields of days, alone and together, do that somebody may not expect. */
export function lintDays({ fields }: CronSchedule, target?: CronTarget): CronFinding[] {
  const { dayOfMonth, dayOfWeek } = fields;
  const findings: CronFinding[] = [];
  if (eitherDay(fields)) {
    findings.push({
      code: 'either-day',
      message: `a day of the month (${dayOfMonth.text}) and one of the week (${dayOfWeek.text}): it runs on either of them`,
      hint: "leave one of them '*'; for days that are both, let the job look at the date",
    });
  }
  const both = dayOfMonth.text !== '*' && dayOfWeek.text !== '*' && !eitherDay(fields);
  if (both && (target === undefined || target === 'kubernetes')) {
    findings.push({
      code: 'both-days',
      message:
        'with a step of * for a day, cron runs it on days that fit both fields, Kubernetes on days that fit either',
      hint: "leave one of them '*', or write the days out",
    });
  }
  const leftOut = monthsLeftOut(fields);
  if (onlyLeapDays(fields)) {
    findings.push({
      code: 'leap-days',
      message: 'February has that day in leap years only',
      hint: 'choose 28, or 1 March',
    });
  } else if (leftOut.length > 0) {
    const names = fieldKinds.find(({ name }) => name === 'month')!.names;
    const months = leftOut.map((number) => names[number - 1]!).map((name) => name[0]!.toUpperCase() + name.slice(1));
    findings.push({
      code: 'short-months',
      message: `${months.join(', ')} ${months.length === 1 ? 'has' : 'have'} no such day${dayOfMonth.values[0] === 29 ? ' but in leap years' : ''}, and it does not run then`,
      hint: 'choose a day up to 28, or the first day of the next month',
    });
  }
  return findings;
}
