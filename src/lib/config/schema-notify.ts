import { secretHeaders } from '../notify/secret-headers.ts';
import { checkedText, reportMistake } from './checked-text.ts';
import { nameSchema } from './schema-jobs.ts';
import { absolutePath } from './schema-job-environment.ts';
import { secretHint, secretSchema } from './schema-secret.ts';
import { requireMailAddress, requireSender } from './mail-address.ts';
import { isSecretHeader, webhookMistake } from './webhook-mistake.ts';
import { type TextMistake, textMistake } from './text-mistake.ts';

type Zod = typeof import('zod');

/** One notifier as it stands in devops.yaml; resolveNotifiers fills in what is left out. */
export type NotifierSetting = import('zod').output<ReturnType<typeof notifySchema>>[string];

/** Who is told, by the names that jobs and --notify use. */
export function notifySchema(z: Zod) {
  return z.record(nameSchema(z), z.discriminatedUnion('type', [mail(z), webhook(z), slack(z), healthchecks(z)]));
}

function mail(z: Zod) {
  return z.strictObject({
    type: z.literal('mail').describe('A mail for each alert.'),
    to: z
      .array(checkedText(z, requireMailAddress).meta({ title: 'a mail address such as ops@example.org' }))
      .min(1)
      .max(100)
      .describe('Who gets it.'),
    from: checkedText(z, requireSender)
      .meta({ title: 'a mail address such as ops@example.org or Ops <ops@example.org>' })
      .optional()
      .describe('Who it is from; left out, it is DEVOPS_MAIL_FROM, else the user on this machine.'),
    smtp: smtp(z).optional().describe('The server; left out, it is DEVOPS_SMTP_URL, else the local sendmail.'),
  });
}

function smtp(z: Zod) {
  return z
    .strictObject({
      host: z
        .string()
        .min(1)
        .max(253)
        .regex(hostPattern)
        .meta({ title: 'a host name or an IP address' })
        .describe('Name or address of the mail server.'),
      port: z
        .int()
        .min(1)
        .max(65_535)
        .meta({ title: 'a whole number from 1 to 65535' })
        .optional()
        .describe('Its port; left out, it is 587, or 465 with tls.'),
      tls: z
        .boolean()
        .optional()
        .describe('Whether it speaks TLS from the first byte; left out, it is so for port 465 alone.'),
      starttls: z
        .enum(['required', 'optional', 'never'])
        .optional()
        .describe('Whether the connection has to be encrypted by STARTTLS; left out, it is required.'),
      user: z.string().min(1).max(1000).meta({ title: 'a name' }).optional().describe('Name to log in with.'),
      password: secretSchema(z).optional().describe('Where the password to log in with is.'),
      ca: absolutePath(z)
        .optional()
        .describe('PEM file of the certificate authorities that are trusted beside those of the system.'),
    })
    .superRefine(({ port, tls = port === 465, starttls, user, password, host }, issues) => {
      if (user !== undefined && password === undefined) reportMistake(issues, needs('password'), ['user']);
      if (user === undefined && password !== undefined) reportMistake(issues, needs('user'), ['password']);
      if (tls && starttls !== undefined) reportMistake(issues, hasTls, ['starttls']);
      const isOpen = !tls && (starttls === 'never' || starttls === 'optional');
      if (isOpen && password !== undefined && !isOwnMachine(host)) reportMistake(issues, inTheOpen, ['starttls']);
    });
}

function webhook(z: Zod) {
  const plainOrSecret = z
    .union([z.string().max(4096), secretSchema(z)])
    .meta({ title: 'a text, or where the secret is, such as { env: NAME }', writeOnly: true });
  return z.strictObject({
    type: z.literal('webhook').describe('A POST of the alert as JSON.'),
    url: z
      .union([z.string().min(1).max(4096), secretSchema(z)])
      .superRefine((url, issues) => {
        if (typeof url === 'string') reportMistake(issues, webhookMistake(url));
      })
      .meta({
        title: 'a URL such as https://example.org/alerts, or where it is, such as { env: NAME }',
        writeOnly: true,
      })
      .describe('Where it goes: a URL, or where a URL is that holds a secret.'),
    headers: z
      .record(z.string().regex(headerPattern).meta({ title: 'the name of a header' }), plainOrSecret)
      .superRefine((headers, issues) => {
        for (const [name, value] of Object.entries(headers)) {
          if (textMistake(() => secretHeaders({ [name]: '' }, '', nobody)) !== undefined) {
            reportMistake(issues, takenHeader, [name]);
          }
          if (typeof value !== 'string') continue;
          if (isSecretHeader(name)) reportMistake(issues, secretInClear, [name]);
          else if (!headerValue.test(value)) reportMistake(issues, noHeader, [name]);
        }
      })
      .optional()
      .describe('Headers that go along; one such as Authorization says where its value is.'),
  });
}

function slack(z: Zod) {
  return z.strictObject({
    type: z.literal('slack').describe('A message by an incoming webhook of Slack, or of what speaks as it does.'),
    url: secretSchema(z).describe('Where the URL of the webhook is, which is a secret.'),
  });
}

function healthchecks(z: Zod) {
  return z.strictObject({
    type: z.literal('healthchecks').describe('Pings of healthchecks.io, or of a server of your own.'),
    url: secretSchema(z).describe('Where the ping URL of the check is, which is a secret.'),
    states: z
      .array(z.enum(['start', 'success', 'fail', 'log']))
      .min(1)
      .max(4)
      .optional()
      .describe('Which pings are sent; left out, it is all of start, success, fail and log.'),
  });
}

const hostPattern = /^[A-Za-z0-9_:][A-Za-z0-9_.:-]*$/;
/** RFC 9110, section 5.6.2. */
const headerPattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
const headerValue = /^[\t\x20-\x7e]*$/;

function isOwnMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function needs(other: string): TextMistake {
  return { message: `${other} is missing beside it`, hint: 'write both, or none of them' };
}

const hasTls: TextMistake = { message: 'has no meaning with TLS from the first byte', hint: 'remove it' };
const inTheOpen: TextMistake = {
  message: 'the password could be sent without encryption',
  hint: 'write required, or leave it out',
};
const secretInClear: TextMistake = { message: 'found a secret in clear', hint: secretHint };
const takenHeader: TextMistake = { message: 'this header is given by devops itself', hint: 'remove it' };
/** For headers whose values are not asked for. */
const nobody = { env: {}, uid: 0 };
const noHeader: TextMistake = { message: 'found characters that no header may have', hint: 'write plain ASCII' };
