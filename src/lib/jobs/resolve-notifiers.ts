import type { Config } from '../config/schema.ts';
import type { NotifierSetting } from '../config/schema-notify.ts';
import { secretSourceOf } from '../config/secret-source-of.ts';
import type {
  HealthchecksSettings,
  MailNotifierSettings,
  NotifierSettings,
  WebhookSettings,
} from '../notify/settings.ts';

const allStates: HealthchecksSettings['states'] = ['start', 'success', 'fail', 'log'];

/** The notifiers of a checked configuration by their names, with what is left out filled in. Loads neither zod nor js-yaml. */
export function resolveNotifiers(config: Config): Record<string, NotifierSettings> {
  return Object.fromEntries(Object.entries(config.notify ?? {}).map(([name, setting]) => [name, resolve(setting)]));
}

function resolve(setting: NotifierSetting): NotifierSettings {
  switch (setting.type) {
    case 'mail':
      return { type: 'mail', to: setting.to, from: setting.from, smtp: smtpOf(setting.smtp) };
    case 'webhook':
      return { type: 'webhook', url: plainOrSecret(setting.url), headers: headersOf(setting.headers) };
    case 'slack':
      return { type: 'slack', url: secretSourceOf(setting.url) };
    case 'healthchecks':
      return { type: 'healthchecks', url: secretSourceOf(setting.url), states: setting.states ?? allStates };
  }
}

function smtpOf(setting: Extract<NotifierSetting, { type: 'mail' }>['smtp']): MailNotifierSettings['smtp'] {
  if (setting === undefined) return undefined;
  const { host, user, password, ca, starttls = 'required' } = setting;
  const tls = setting.tls ?? setting.port === 465;
  const port = setting.port ?? (tls ? 465 : 587);
  return {
    host,
    port,
    tls,
    starttls,
    user,
    password: password === undefined ? undefined : secretSourceOf(password),
    ca,
  };
}

function headersOf(setting: Extract<NotifierSetting, { type: 'webhook' }>['headers']): WebhookSettings['headers'] {
  if (setting === undefined) return undefined;
  return Object.fromEntries(Object.entries(setting).map(([name, value]) => [name, plainOrSecret(value)]));
}

function plainOrSecret(value: Extract<NotifierSetting, { type: 'webhook' }>['url']): WebhookSettings['url'] {
  return typeof value === 'string' ? value : secretSourceOf(value);
}
