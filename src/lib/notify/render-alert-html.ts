import type { Verdict } from '../results/verdict.ts';
import type { Alert } from './alert.ts';
import { lastLines } from './clip-text.ts';
import { describeAlert, type SubjectDescription } from './describe-alert.ts';
import { escapeHtml } from './escape-html.ts';
import { readableOutput } from './readable-output.ts';

/** Gmail cuts a mail at 102 KB of HTML, and what is cut off has no end tags: all of it together stays below. */
const mostSubjectHtml = 40_000;
const mostOutputHtml = 24_000;
const mostOutputLines = 100;

// Text and ground have no colours of their own, so that a client that is dark shows light text on dark. What is coloured
// reads on either: white on the strong ones, and a grey of which a tenth is seen.
const colours: Readonly<Record<Verdict['status'], string>> = {
  critical: '#c62828',
  unknown: '#6a3fa0',
  warning: '#b45309',
  ok: '#2e7d32',
};
const faint = 'rgba(127,127,127,0.12)';
const font = '-apple-system,BlinkMacSystemFont,&quot;Segoe UI&quot;,Roboto,Helvetica,Arial,sans-serif';

/**
 * An alert as an HTML mail of less than 100 KB that reads on a phone: one column, no picture, nothing that is fetched,
 * no script, every style inline. All text from outside is escaped. Pure.
 */
export function renderAlertHtml(alert: Alert): string {
  const { title, severity, summary, subjects, more, facts } = describeAlert(alert);
  const preheader = subjects[0] === undefined ? summary : `${subjects[0].subject}: ${subjects[0].message}`;
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="supported-color-schemes" content="light dark">',
    `<title>${escapeHtml(title)}</title>`,
    '</head>',
    `<body style="margin:0;padding:0;font-family:${font};font-size:16px;line-height:1.45">`,
    `<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(preheader)}</div>`,
    '<div style="max-width:640px;margin:0 auto;padding:16px">',
    `<div style="border-top:6px solid ${colours[severity]};padding-top:12px">`,
    `<h1 dir="auto" style="margin:0 0 8px;font-size:20px;line-height:1.3;${wrap}">${escapeHtml(title)}</h1>`,
    `<p style="margin:0 0 16px">${escapeHtml(summary)}</p>`,
    '</div>',
    subjectsHtml(subjects, more),
    factsHtml(facts),
    outputHtml(alert),
    '</div>',
    '</body>',
    '</html>',
    '',
  ]
    .filter((part, index, parts) => part !== '' || index === parts.length - 1)
    .join('\n');
}

const wrap = 'overflow-wrap:anywhere;word-break:break-word';

function subjectsHtml(subjects: readonly SubjectDescription[], more: number): string {
  const shown: string[] = [];
  let length = 0;
  for (const subject of subjects) {
    const html = subjectHtml(subject);
    length += Buffer.byteLength(html);
    if (length > mostSubjectHtml) break;
    shown.push(html);
  }
  const others = more + subjects.length - shown.length;
  if (others > 0) shown.push(`<p style="margin:0 0 16px">... and ${others} more</p>`);
  return shown.join('\n');
}

function subjectHtml({ status, subject, message, hint, change }: SubjectDescription): string {
  const badge = `background:${colours[status]};color:#ffffff;font-size:12px;font-weight:bold;padding:2px 6px;border-radius:3px`;
  return [
    `<div style="margin:0 0 10px;padding:10px 12px;border-left:4px solid ${colours[status]};background:${faint}">`,
    `<div style="${wrap}"><span style="${badge}">${status.toUpperCase()}</span> <b dir="auto">${escapeHtml(subject)}</b></div>`,
    `<div dir="auto" style="margin-top:4px;${wrap}">${escapeHtml(message)}</div>`,
    ...(hint === undefined ? [] : [`<div dir="auto" style="margin-top:4px;${wrap}">Hint: ${escapeHtml(hint)}</div>`]),
    `<div style="margin-top:4px;font-size:13px;opacity:0.75">${escapeHtml(change)}</div>`,
    '</div>',
  ].join('\n');
}

function factsHtml(facts: readonly (readonly [string, string])[]): string {
  const rows = facts.map(
    ([name, value]) =>
      `<tr><td style="padding:2px 12px 2px 0;opacity:0.75;vertical-align:top">${escapeHtml(name)}</td>` +
      `<td dir="auto" style="padding:2px 0;${wrap}">${escapeHtml(value)}</td></tr>`,
  );
  return `<table role="presentation" cellspacing="0" cellpadding="0" style="margin:16px 0;font-size:14px;border:0">\n${rows.join('\n')}\n</table>`;
}

function outputHtml({ run }: Alert): string {
  if (run?.output === undefined) return '';
  const output = readableOutput(run.output);
  if (output.trim() === '') return '<p style="margin:0 0 8px">It wrote nothing.</p>';
  const { text, isWhole } = lastLines(output, {
    mostLines: mostOutputLines,
    mostCost: mostOutputHtml,
    costOf: (line) => Buffer.byteLength(escapeHtml(line)),
  });
  const monospace = 'font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:13px;line-height:1.4';
  return [
    `<p style="margin:0 0 8px"><b>${isWhole ? 'Output' : 'The end of the output'}</b></p>`,
    `<pre dir="auto" style="margin:0;padding:10px 12px;background:${faint};white-space:pre-wrap;${wrap};${monospace}">${escapeHtml(text)}</pre>`,
  ].join('\n');
}
