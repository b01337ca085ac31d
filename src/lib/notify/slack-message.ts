import type { Verdict } from '../results/verdict.ts';
import type { Alert } from './alert.ts';
import { lastLines } from './clip-text.ts';
import { describeAlert, type SubjectDescription } from './describe-alert.ts';
import { readableOutput } from './readable-output.ts';

/** A message of Slack's Block Kit, with the text that notifications show. */
export interface SlackMessage {
  text: string;
  blocks: readonly SlackBlock[];
  /** Links in hostile text show no previews. */
  unfurl_links: false;
  unfurl_media: false;
}

type SlackBlock =
  | { type: 'header'; text: { type: 'plain_text'; text: string; emoji: false } }
  | { type: 'section'; text: { type: 'mrkdwn'; text: string; verbatim: true } };

/** Of the header, and of one section. */
const mostHeader = 150;
const mostSection = 3000;
/** Slack takes 50 blocks, yet refuses with msg_blocks_too_long at about 13,000 characters of all of them together. */
const mostSubjects = 6000;
const mostOutput = 2800;
const mostOutputLines = 40;

const signs: Readonly<Record<Verdict['status'], string>> = {
  critical: ':red_circle:',
  unknown: ':large_purple_circle:',
  warning: ':large_orange_circle:',
  ok: ':large_green_circle:',
};

/**
 * An alert as a message for an incoming webhook of Slack, within its limits. Pure. Text from outside is escaped, so
 * that none of it is a link, or calls everybody in the channel.
 */
export function slackMessage(alert: Alert): SlackMessage {
  const { title, severity, summary, subjects, more, facts } = describeAlert(alert);
  return {
    text: `${signs[severity]} ${escapeMrkdwn(title)}`,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: clipHeader(title), emoji: false } },
      section(`${signs[severity]} ${summary}`),
      ...subjectSections(subjects, more),
      section(withinSection(facts.map(([name, value]) => `${name}: ${escapeMrkdwn(value)}`))),
      ...outputSections(alert),
    ],
    unfurl_links: false,
    unfurl_media: false,
  };
}

/** The three characters that mean something to Slack in any text; all others are at most typography. */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function section(text: string): SlackBlock {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

function clipHeader(title: string): string {
  return title.length <= mostHeader ? title : `${title.slice(0, mostHeader - 3).replace(/[\uD800-\uDBFF]$/, '')}...`;
}

function subjectSections(subjects: readonly SubjectDescription[], more: number): SlackBlock[] {
  const texts: string[] = [];
  let length = 0;
  for (const { status, subject, message, hint, change } of subjects) {
    const head = `${signs[status]} ${escapeMrkdwn(subject)}: ${escapeMrkdwn(message)} (${change})`;
    const text = fitted(hint === undefined ? head : `${head}\nHint: ${escapeMrkdwn(hint)}`, mostSection);
    length += text.length + 1;
    if (length > mostSubjects) break;
    texts.push(text);
  }
  const others = more + subjects.length - texts.length;
  if (others > 0) texts.push(`... and ${others} more`);
  return inSections(texts).map(section);
}

/** Several lines share a section as long as they fit, because a section is a paragraph with much air around it. */
function inSections(texts: readonly string[]): string[] {
  const sections: string[] = [];
  for (const text of texts) {
    const last = sections.at(-1);
    if (last !== undefined && last.length + 1 + text.length <= mostSection)
      sections[sections.length - 1] = `${last}\n${text}`;
    else sections.push(text);
  }
  return sections;
}

function withinSection(lines: readonly string[]): string {
  return fitted(lines.join('\n'), mostSection);
}

/** Cut without leaving half of an entity or of a character. */
function fitted(escaped: string, most: number): string {
  if (escaped.length <= most) return escaped;
  return `${escaped.slice(0, most - 3).replace(/(?:&[a-z]{0,3}|[\uD800-\uDBFF])$/, '')}...`;
}

function outputSections({ run }: Alert): SlackBlock[] {
  if (run?.output === undefined || run.output.trim() === '') return [];
  const { text, isWhole } = lastLines(readableOutput(run.output), {
    mostLines: mostOutputLines,
    mostCost: mostOutput,
    costOf: (line) => asCode(line).length,
  });
  return [section(`${isWhole ? 'Output' : 'The end of the output'}:\n\`\`\`\n${asCode(text)}\n\`\`\``)];
}

/** Three backticks would end the code, and what comes behind it would be read as markup. */
function asCode(text: string): string {
  return escapeMrkdwn(text).replaceAll('```', "'''");
}
