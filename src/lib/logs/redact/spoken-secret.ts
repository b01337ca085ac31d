import { mask } from '../../log/redact.ts';

/** A quick look at a line: without one of these it has none. */
export const spokenWords = /pass|secret|identified|token|key|\s-[up]|--user/i;

const options = 'password|passwd|pass|passphrase|token|secret|api-?key|auth-?token|access-?(?:key|token)|secret-?key';
/** Each part is bounded or stops at a character that the next one begins with, so that time is linear. */
const forms: readonly (readonly [form: RegExp, shown: string])[] = [
  // SQL, and prose: a value in quotes behind the word.
  [
    /\b(password|passwd|passphrase|secret|identified by(?: password)?)([ \t]{1,8})(?:'[^']*'?|"[^"]*"?)/gi,
    `$1$2${mask}`,
  ],
  [/\b((?:password|passphrase) is[ \t]{1,8})[^\s,;]+/gi, `$1${mask}`],
  // Command lines, as sudo, auditd and deployment tools log them.
  [new RegExp(String.raw`(--?(?:${options})[ \t]{1,8})(?![-"'])[^\s,;]+`, 'gi'), `$1${mask}`],
  [/(\bsshpass[ \t]{1,8}-p[ \t]{0,8})\S+/gi, `$1${mask}`],
  [/(\b(?:mysql|mariadb)[\w-]{0,16}[ \t][^|;&]{0,200}?-p)(?=[^\s-])\S+/gi, `$1${mask}`],
  [/(\s(?:-u|--user|--proxy-user)[ =]["']?)(?!\d+:\d+\b)([^\s:"']{1,64}):[^\s"']+/g, `$1$2:${mask}`],
  [/(<(?:password|passwd|secret|token|api-?key)\b[^<>]{0,80}>)[^<]+/gi, `$1${mask}`],
];

/** Masks secrets that no `=` and no colon stands before: `IDENTIFIED BY '...'`, `--password ...`, `<password>...`. */
export function redactSpoken(line: string): string {
  let text = line;
  for (const [form, shown] of forms) text = text.replace(form, shown);
  return text;
}
