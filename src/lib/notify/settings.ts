import type { SecretSource } from '../secrets/secret-source.ts';

/** One entry of `notify` in devops.yaml, checked. Durations are in seconds. */
export type NotifierSettings = MailNotifierSettings | WebhookSettings | SlackSettings | HealthchecksSettings;

export interface MailNotifierSettings {
  type: 'mail';
  to: readonly string[];
  from?: string | undefined;
  /** Without it what DEVOPS_SMTP_URL says, else the local sendmail. */
  smtp?: SmtpSettings<SecretSource> | undefined;
}

/** How to reach a mail server; `Password` is where the password is, or the password itself once it was read. */
export interface SmtpSettings<Password> {
  host: string;
  port: number;
  /** TLS from the first byte (port 465); then `starttls` has no meaning. */
  tls: boolean;
  /** Default required. */
  starttls: 'required' | 'optional' | 'never';
  user?: string | undefined;
  password?: Password | undefined;
  /** PEM file of the authorities that are trusted beside those of the system. */
  ca?: string | undefined;
}

export interface WebhookSettings {
  type: 'webhook';
  url: string | SecretSource;
  headers?: Readonly<Record<string, string | SecretSource>> | undefined;
}

export interface SlackSettings {
  type: 'slack';
  url: string | SecretSource;
}

export interface HealthchecksSettings {
  type: 'healthchecks';
  url: string | SecretSource;
  /** Default start, success, fail, log. */
  states: readonly ('start' | 'success' | 'fail' | 'log')[];
}
