import type { Screen } from '../command.ts';
import type { DoctorCheck } from '../lib/doctor/check.ts';
import { paint } from '../terminal/color.ts';
import { printable } from '../terminal/printable.ts';

/** One check on one line, and what to do about it on the next. */
export function viewDoctorCheck(check: DoctorCheck, screen: Screen): string {
  const { state, required, environment, subject, detail, version, path, hint } = check;
  const color = state === 'ok' ? 'green' : required ? 'red' : 'yellow';
  const where = environment === 'cron' ? `${subject} (cron)` : subject;
  const facts = [version ?? detail, path].filter((fact) => fact !== undefined).map(printable);
  const line = `${paint(screen, color, state.padEnd(7))}  ${printable(where).padEnd(20)}  ${facts.join('  ')}`;
  return hint === undefined ? line : `${line}\n${' '.repeat(31)}${paint(screen, 'dim', printable(hint))}`;
}
