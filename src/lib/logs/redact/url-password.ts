import { mask } from '../../log/redact.ts';

/** A port that is followed by a query is no password: `http://host:8080?mail=a@b.example`. */
const port = /^\d{1,5}[?#,;]/;

/**
 * Masks the password of `scheme://user:password@host`. It ends at the last `@` before a slash, a space or a quote,
 * because people forget to encode the `@` in theirs. Time is linear.
 */
export function redactUrlPasswords(line: string): string {
  const endOfUser = /[\s:/@"'<>]/g;
  const endOfHost = /[\s/"'<>]/g;
  let result = '';
  let position = 0;
  for (let at = line.indexOf('://'); at !== -1; at = line.indexOf('://', at + 3)) {
    endOfUser.lastIndex = at + 3;
    const colon = endOfUser.exec(line)?.index ?? line.length;
    if (line[colon] !== ':') continue;
    endOfHost.lastIndex = colon + 1;
    const authority = line.slice(colon + 1, endOfHost.exec(line)?.index ?? line.length);
    const length = authority.lastIndexOf('@');
    if (length < 1 || port.test(authority)) continue;
    result += line.slice(position, colon + 1) + mask;
    position = colon + 1 + length;
  }
  return position === 0 ? line : result + line.slice(position);
}
