import { describe, expect, test } from 'vitest';
import { composeMail } from '../../../src/lib/mail/compose-mail.ts';
import type { Mail } from '../../../src/lib/mail/mail.ts';
import { readMail } from '../../support/mail/read-mail.ts';

const plain: Mail = {
  to: ['ops@example.org'],
  subject: 'a subject',
  text: 'a text\n',
  attachments: [],
  messageId: '1b4e28ba-2fa1-11d2-883f-0016d3cca427@host.example.org',
};
const defaults = { from: 'devops@host.example.org', now: new Date('2026-11-20T22:00:00Z') };
const compose = async (change: Partial<Mail>) => composeMail({ ...plain, ...change }, defaults);
const read = async (change: Partial<Mail>) => readMail((await compose(change)).bytes);

const hostileSubjects = {
  'of two words': 'disk full',
  'with letters of every script': 'Prüfung 检查 проверка اختبار ✅ 👩‍🚀 🇩🇪',
  'that looks as if it were encoded': '=?utf-8?Q?looks_encoded?=',
  'with two  spaces and more   ': 'with two  spaces and more',
  'of 10,000 letters without a space': 'x'.repeat(10_000),
  'of 10,000 letters in words': 'alarm '.repeat(1_700).trim(),
  'of 5,000 rockets': '🚀'.repeat(5_000),
  'that turns the direction of text': 'abc \u202Egpj.exe',
  'with one letter of 3 bytes at every place': Array.from({ length: 50 }, (_, at) => `${'a'.repeat(at)}€`).join(''),
};

describe('a subject', () => {
  test.each(Object.entries(hostileSubjects))('%s arrives as it is', async (_, subject) => {
    const mail = await compose({ subject });
    expect(readMail(mail.bytes).headers.get('subject')).toBe(subject.trim());
    const lines = mail.bytes.toString('latin1').split('\r\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78);
  });

  test.each([
    ['a\nBcc: evil@example.org', 'a Bcc: evil@example.org'],
    ['a\r\n\r\nbody', 'a body'],
    ['a\u0000\u0007\u001B[31mb', 'a [31mb'],
    ['a\u2028b\u0085c', 'a b c'],
    ['half \uD83D', 'half \uFFFD'],
  ])('%j is one line without control characters', async (subject, expected) => {
    const { headers, headerNames } = await read({ subject });
    expect(headers.get('subject')).toBe(expected);
    expect(headerNames).not.toContain('bcc');
  });
});

const hostileTexts = {
  'lines of 2,000 characters': `${'y'.repeat(2_000)}\n`.repeat(20),
  'lone dots': '.\n..\n.a\na.\n.\n',
  'every script': 'Prüfung 检查 проверка 🚀\n'.repeat(10),
  'equal signs and blanks at line ends': 'a=3D \nb\t\n = \n',
  'carriage returns': '10%\r20%\r\nend\r',
  'bytes below a space': '\u0000\u0001\u001B[1mbold\u007F\n',
  'lines that begin a mailbox': 'From here\n>From there\n',
  'no end of its last line': 'last',
  'many empty lines': '\n\n\n\na\n\n\n',
  'boundaries and headers': '--_NmP-1\r\nContent-Type: text/html\r\n\r\n<b>no</b>\n',
  nothing: '',
};

describe('a text with', () => {
  test.each(Object.entries(hostileTexts))('%s arrives to the bit', async (_, text) => {
    const expected = text.endsWith('\n') ? text : `${text}\n`;
    const alone = await compose({ text });
    expect(readMail(alone.bytes).text).toBe(expected);
    const withOthers = await read({ text, html: `<p>${text}</p>`, attachments: [{ name: 'a.log', base64: 'AAEC' }] });
    expect(withOthers.text).toBe(expected);
    expect(withOthers.parts.map(({ type }) => type)).toContain('text/html');
    for (const line of alone.bytes.toString('latin1').split('\r\n')) {
      expect(line.length).toBeLessThanOrEqual(998);
      expect(line).not.toMatch(/[\r\n\0]/);
    }
  });

  test('4 MB of it arrives to the bit', async () => {
    const line = `${'z'.repeat(1_999)}é\n.\n`;
    const text = line.repeat(Math.ceil((4 * 1024 * 1024) / line.length));
    expect((await read({ text })).text === text).toBe(true);
  });
});

describe('an attachment', () => {
  test('arrives to the bit under its name', async () => {
    const bytes = Buffer.from(Array.from({ length: 1_000 }, (_, at) => at % 256));
    const names = ['run.log', 'Prüfung 1.log', 'a"b\\c;d.txt', `${'n'.repeat(190)}.log`];
    const attachments = names.map((name) => ({ name, base64: bytes.toString('base64') }));
    const { parts } = await read({ attachments });
    expect(parts.slice(1).map(({ filename }) => filename)).toEqual(names);
    for (const part of parts.slice(1)) expect(part.content.equals(bytes)).toBe(true);
  });

  test('says its type, and nothing else with it', async () => {
    const contentType = 'text/plain; charset=utf-8\r\nBcc: evil@example.org';
    const { parts, headerNames } = await read({ attachments: [{ name: '../../etc/x\r\ny', contentType, base64: '' }] });
    expect(parts[1]).toMatchObject({ filename: 'x y' });
    expect(headerNames).not.toContain('bcc');
  });
});

describe('a mail', () => {
  test('says who, when and by which id', async () => {
    const { headers } = await read({ headers: { 'Auto-Submitted': 'auto-generated', 'X-Note': 'grün' } });
    expect(Object.fromEntries(headers)).toMatchObject({
      from: 'devops@host.example.org',
      to: 'ops@example.org',
      date: 'Fri, 20 Nov 2026 22:00:00 +0000',
      'message-id': `<${plain.messageId}>`,
      'auto-submitted': 'auto-generated',
      'x-note': 'grün',
    });
  });

  test('has the date of its headers when it waited', async () => {
    const { headers, headerNames } = await read({ headers: { Date: 'Thu, 19 Nov 2026 01:00:00 +0000' } });
    expect(headers.get('date')).toBe('Thu, 19 Nov 2026 01:00:00 +0000');
    expect(headerNames.filter((name) => name === 'date')).toHaveLength(1);
  });

  test('goes to each recipient once, in ASCII', async () => {
    const to = ['Ops Müller <ops@example.org>', 'ops@EXAMPLE.org', '"Of, many" <a@bücher.example>'];
    const composed = await compose({ to, from: 'Wächter <w@example.org>' });
    expect(composed.from).toBe('w@example.org');
    expect(composed.to).toEqual(['ops@example.org', 'a@xn--bcher-kva.example']);
    expect(readMail(composed.bytes).headers.get('from')).toBe('Wächter <w@example.org>');
    expect(readMail(composed.bytes).headers.get('to')).toContain('Ops Müller <ops@example.org>');
  });

  test.each<[string, Partial<Mail>]>([
    ['for nobody', { to: [] }],
    ['for an address with a line end', { to: ['a@example.org\r\nRCPT TO:<b@example.org>'] }],
    ['for two in one', { to: ['a@example.org, b@example.org'] }],
    ['for a thousand', { to: Array.from({ length: 1_000 }, (_, at) => `a${at}@example.org`) }],
    ['by nobody', { from: '<>' }],
    ['with the id of none', { messageId: 'a@b>\r\nBcc: <c@d' }],
    ['with a header that makes a copy', { headers: { Bcc: 'evil@example.org' } }],
    ['with a header of two lines', { headers: { 'X-A: b\r\nBcc': 'evil@example.org' } }],
    ['with a subject of a megabyte', { subject: 'x'.repeat(1024 * 1024) }],
    ['of more than 25 MiB', { text: 'x'.repeat(26 * 1024 * 1024) }],
  ])('%s is refused for ever', async (_, change) => {
    await expect(compose(change)).rejects.toMatchObject({ name: 'DeliveryFailure', permanent: true });
  });
});
