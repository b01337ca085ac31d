import type { Alert } from './alert.ts';
import { lastLines } from './clip-text.ts';
import { describeAlert, type SubjectDescription } from './describe-alert.ts';
import { readableOutput } from './readable-output.ts';

/** Characters of all subjects together, and of the output: nobody reads more in a mail, and the log is attached. */
const mostSubjectText = 64_000;
const mostOutputText = 16_000;
const mostOutputLines = 150;

/** An alert as plain text of at most about 100 KB: harmless lines, worst first, the end of the output last. Pure. */
export function renderAlertText(alert: Alert): string {
  const { title, summary, subjects, more, facts } = describeAlert(alert);
  const width = Math.max(...facts.map(([name]) => name.length));
  const parts = [
    `${title}\n\n${summary}`,
    subjectsText(subjects, more),
    facts.map(([name, value]) => `${`${name}:`.padEnd(width + 2)}${value}`).join('\n'),
    outputText(alert),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function subjectsText(subjects: readonly SubjectDescription[], more: number): string {
  const shown: string[] = [];
  let length = 0;
  for (const subject of subjects) {
    const text = subjectText(subject);
    length += text.length;
    if (length > mostSubjectText) break;
    shown.push(text);
  }
  const others = more + subjects.length - shown.length;
  if (others > 0) shown.push(`... and ${others} more`);
  return shown.join('\n');
}

function subjectText({ status, subject, message, hint, change }: SubjectDescription): string {
  const head = `${status.toUpperCase().padEnd(8)} ${subject}: ${message} (${change})`;
  return hint === undefined ? head : `${head}\n         hint: ${hint}`;
}

function outputText({ run }: Alert): string {
  if (run?.output === undefined) return '';
  const output = readableOutput(run.output);
  if (output.trim() === '') return 'It wrote nothing.';
  const { text, isWhole } = lastLines(output, {
    mostLines: mostOutputLines,
    mostCost: mostOutputText,
    costOf: (line) => line.length,
  });
  return `${isWhole ? 'Output' : 'The end of the output'}:\n\n${text}`;
}
