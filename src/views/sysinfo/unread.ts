import type { SysinfoReport } from '../../lib/system/report.ts';
import { paint } from '../../terminal/color.ts';
import { clean, wrap } from './fit.ts';
import { fold, type Panel } from './layout.ts';

const shownErrors = 5;

/** What could not be read, the important first, and what this machine does not have. */
export function unreadLines({ errors, unavailable }: SysinfoReport, panel: Panel): string[] {
  const { screen } = panel;
  const sorted = [...errors.filter(({ required }) => required), ...errors.filter(({ required }) => !required)];
  const { shown, rest } = fold(panel, sorted, Math.max(shownErrors, errors.filter(({ required }) => required).length));
  const lines = shown.flatMap(({ section, subject, message, required }) => {
    const what = subject === undefined ? section : `${section} ${subject}`;
    const text = `could not read ${clean(what, screen)}: ${clean(message, screen)}`;
    return wrap(text, screen.columns, screen).map((line) => paint(screen, required ? 'red' : 'dim', line));
  });
  if (rest.length > 0) lines.push(paint(screen, 'dim', `could not read ${rest.length} more`));
  const absent = panel.detailed
    ? unavailable.map(({ section, reason }) => `${section}: ${clean(reason, screen)}`)
    : unavailable.slice(0, 1).map(() => `not on this machine: ${unavailable.map(({ section }) => section).join(', ')}`);
  for (const text of absent)
    lines.push(...wrap(text, screen.columns, screen).map((line) => paint(screen, 'dim', line)));
  return lines;
}
