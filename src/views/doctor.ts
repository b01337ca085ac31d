import type { Screen } from '../command.ts';
import type { DoctorCheck } from '../lib/doctor/check.ts';
import { printable } from '../lib/text/printable.ts';
import { paint } from '../terminal/color.ts';
import { pad, width } from '../terminal/width.ts';
import { wrap } from '../terminal/wrap.ts';

const stateCells = 7;
const subjectCells = 20;
const indent = stateCells + 2 + subjectCells + 2;
/** Narrower than this, a column of text is harder to read than lines that the terminal breaks. */
const narrowest = 30;

/** One check: its state, its subject, what was found, and below it what to do. Nothing is cut: what is long goes on below. */
export function viewDoctorCheck(check: DoctorCheck, screen: Screen): string {
  const { state, required, environment, subject, detail, version, path, hint } = check;
  const color = state === 'ok' ? 'green' : required ? 'red' : 'yellow';
  const where = environment === 'cron' ? `${subject} (cron)` : subject;
  const head = `${paint(screen, color, state.padEnd(stateCells))}  ${pad(printable(where), subjectCells)}  `;
  const room = Math.max(narrowest, screen.columns - indent);
  const facts = [version ?? detail, path].filter((fact) => fact !== undefined).map(printable);
  const line = facts.join('  ');
  const found = width(line) <= room ? [line] : facts.flatMap((fact) => wrap(fact, room));
  const advice = hint === undefined ? [] : wrap(printable(hint), room).map((each) => paint(screen, 'dim', each));
  return head + [...found, ...advice].join(`\n${' '.repeat(indent)}`);
}
