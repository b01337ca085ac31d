import { expect, test } from 'vitest';
import type { MemberInstance } from '../../../../src/lib/aws/addresses/asg-address.ts';
import { parseTemplate } from '../../../../src/lib/aws/addresses/template.ts';
import { UserError } from '../../../../src/lib/errors/user-error.ts';

const instance = {
  row: {
    id: 'i-1',
    account: '111122223333',
    state: 'running',
    type: 't3.micro',
    zone: 'eu-central-1a',
    launchedAt: 1000,
    privateIp: '10.0.0.1',
    ipv6Addresses: ['2001:db8::1'],
    privateIps: ['10.0.0.1'],
    publicIps: [],
    tags: new Map([
      ['Name', 'web one'],
      ['role', 'a\nb\r\t\u001B[31m\u2028\u202E'],
      ['odd: key', 'x'],
    ]),
    rootDeviceType: 'ebs',
    hibernationConfigured: false,
  },
  member: { id: 'i-1', zone: 'eu-central-1a', lifecycle: 'InService', health: 'Healthy' },
  group: { name: 'web\n' },
  target: { region: 'eu-central-1' },
} as unknown as MemberInstance;

const render = (template: string, ip = '10.0.0.1') => parseTemplate(template).render(ip, instance, 1090.7);

test('every field', () => {
  expect(
    render(
      '{ip} {host} {id} {az} {region} {account} {name} {type} {state} {health} {lifecycle} {private} {ipv6} {age}',
    ),
  ).toBe(
    '10.0.0.1 10.0.0.1 i-1 eu-central-1a eu-central-1 111122223333 web one t3.micro running Healthy InService 10.0.0.1 2001:db8::1 90',
  );
});

test('what an instance does not have is empty', () => {
  expect(render('[{public}][{profile}][{tag:none}]')).toBe('[][][]');
});

test('an IPv6 address before a port is in brackets', () => {
  expect(render('server {host}:80;', '2001:db8::1')).toBe('server [2001:db8::1]:80;');
});

test('braces, line feeds, tabs and backslashes are written in two characters', () => {
  expect(render(String.raw`{{{ip}}}\n\t\\n{{x}}`)).toBe('{10.0.0.1}\n\t\\n{x}');
});

test('a tag cannot add a line, move the cursor or turn the text', () => {
  expect(render('{ip} {tag:role}')).toBe(String.raw`10.0.0.1 a\nb\x0d\t\x1b[31m\u2028\u202e`);
  expect(render('{group}')).toBe(String.raw`web\n`);
});

test('the key of a tag may have spaces and colons; the template tells which tags it needs', () => {
  const template = parseTemplate('{tag:odd: key}{tag:role}{name}{tag:role}');
  expect(template.tags).toEqual(['odd: key', 'role', 'Name']);
  expect(render('{tag:odd: key}')).toBe('x');
  expect(parseTemplate('{ip} {id}').tags).toEqual([]);
});

test.each([
  ['', 'column 1: the template is empty', "write for example '{ip} {id}'"],
  ['{ipp}', "column 2: there is no field 'ipp'", "did you mean '{ip}'?"],
  ['a {ip} {zone}', "column 9: there is no field 'zone'", 'fields are: ip, host, id, az'],
  ['{ip} {constructor}', "column 7: there is no field 'constructor'", 'fields are: ip, '],
  ['{ip} {}', "column 7: there is no field ''", 'fields are: ip, '],
  ['{ip', "column 1: there is no '}' behind this '{'", "write '{{' for a brace"],
  ['{ip}}', "column 5: there is no '{' before this '}'", "write '}}' for a brace"],
  ['{ip} {tag:}', 'column 7: there is no key behind tag:', "write for example '{tag:role}'"],
  [String.raw`{ip}\d`, 'column 5: this is no escape', String.raw`write \n, \t, or \\ for a backslash`],
  ['{ip}\\', 'column 5: this is no escape', String.raw`write \n, \t, or \\ for a backslash`],
  ['x'.repeat(10_001), 'column 10001: a template has at most 10000 characters', 'write a shorter one'],
])('%j is refused with the column', (text, message, hint) => {
  const parse = () => parseTemplate(text);
  expect(parse).toThrow(UserError);
  expect(parse).toThrow(message);
  try {
    parse();
  } catch (error) {
    expect((error as UserError).hints[0]).toContain(hint);
  }
});
