import { nearest } from '../../errors/nearest.ts';
import { UserError } from '../../errors/user-error.ts';
import { printable } from '../../text/printable.ts';
import { ageSeconds, type MemberInstance } from './asg-address.ts';

/** One line for each address, as `--template` describes it. */
export interface Template {
  /** `now` is Unix time in seconds. The line has no end of its own. */
  render(ip: string, instance: MemberInstance, now: number): string;
  /** The tags of the instances that it needs. */
  tags: readonly string[];
}

type Field = (ip: string, instance: MemberInstance, now: number) => string | undefined;

const fields: Readonly<Record<string, Field>> = {
  ip: (ip) => ip,
  // Before a port, where the colons of the address would be read as that of the port.
  host: (ip) => (ip.includes(':') ? `[${ip}]` : ip),
  id: (_, { row }) => row.id,
  az: (_, { row }) => row.zone,
  region: (_, { target }) => target.region,
  profile: (_, { target }) => target.profile,
  account: (_, { row }) => row.account,
  group: (_, { group }) => group.name,
  name: (_, { row }) => row.tags.get('Name'),
  type: (_, { row }) => row.type,
  state: (_, { row }) => row.state,
  health: (_, { member }) => member.health,
  lifecycle: (_, { member }) => member.lifecycle,
  private: (_, { row }) => row.privateIp,
  public: (_, { row }) => row.publicIp,
  ipv6: (_, { row }) => row.ipv6Addresses[0],
  age: (_, { row }, now) => String(ageSeconds(row, now)),
};

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\' };
const longestTemplate = 10_000;

/**
 * Reads a template: `{field}`, `{tag:KEY}`, `{{` and `}}` for braces, `\n`, `\t` and `\\`. What an instance does not have
 * is empty. Whatever the template does not say itself comes out as one harmless line: who may tag an instance must not
 * be able to add a line to /etc/hosts.
 *
 * Throws UserError (usage) with the column of the mistake.
 */
export function parseTemplate(text: string): Template {
  const tags = new Set<string>();
  const parts: (string | Field)[] = [];
  let plain = '';
  const mistake = (at: number, what: string, hint: string) =>
    new UserError(`column ${at + 1}: ${what}`, { code: 'usage', hints: [hint] });
  if (text === '') throw mistake(0, 'the template is empty', "write for example '{ip} {id}'");
  if (text.length > longestTemplate) {
    throw mistake(longestTemplate, `a template has at most ${longestTemplate} characters`, 'write a shorter one');
  }
  for (let at = 0; at < text.length;) {
    const character = text[at]!;
    if (character === '\\') {
      const escaped = escapes[text[at + 1] ?? ''];
      if (escaped === undefined)
        throw mistake(at, String.raw`this is no escape`, String.raw`write \n, \t, or \\ for a backslash`);
      plain += escaped;
      at += 2;
    } else if (character === '{' || character === '}') {
      if (text[at + 1] === character) {
        plain += character;
        at += 2;
        continue;
      }
      if (character === '}') throw mistake(at, "there is no '{' before this '}'", "write '}}' for a brace");
      const end = text.indexOf('}', at);
      if (end === -1) throw mistake(at, "there is no '}' behind this '{'", "write '{{' for a brace");
      if (plain !== '') parts.push(plain);
      plain = '';
      parts.push(fieldOf(text.slice(at + 1, end), tags, (what, hint) => mistake(at + 1, what, hint)));
      at = end + 1;
    } else {
      plain += character;
      at++;
    }
  }
  if (plain !== '') parts.push(plain);
  return {
    render(ip, instance, now) {
      let line = '';
      for (const part of parts) line += typeof part === 'string' ? part : printable(part(ip, instance, now) ?? '');
      return line;
    },
    tags: [...tags],
  };
}

function fieldOf(name: string, tags: Set<string>, mistake: (what: string, hint: string) => UserError): Field {
  if (name.startsWith('tag:')) {
    const key = name.slice('tag:'.length);
    if (key === '') throw mistake('there is no key behind tag:', "write for example '{tag:role}'");
    tags.add(key);
    return (_, { row }) => row.tags.get(key);
  }
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field === undefined) {
    const near = nearest(name, Object.keys(fields));
    const all = `fields are: ${Object.keys(fields).join(', ')} and tag:KEY`;
    throw mistake(
      `there is no field '${printable(name.slice(0, 60))}'`,
      near === undefined ? all : `did you mean '{${near}}'?`,
    );
  }
  if (name === 'name') tags.add('Name');
  return field;
}
