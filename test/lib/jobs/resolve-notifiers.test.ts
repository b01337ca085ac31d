import { expect, test } from 'vitest';
import { checkConfig } from '../../../src/lib/config/check-config.ts';
import { resolveNotifiers } from '../../../src/lib/jobs/resolve-notifiers.ts';

test('what a notifier leaves out is filled in', async () => {
  const { config } = await checkConfig(`notify:
    plain: { type: mail, to: [ops@example.org] }
    server: { type: mail, to: [ops@example.org], smtp: { host: mail, user: u, password: { file: /p } } }
    tls: { type: mail, to: [ops@example.org], from: a@b.c, smtp: { host: mail, port: 465, ca: /ca.pem } }
    hook: { type: webhook, url: 'https://example.org/', headers: { A: b, Authorization: { env: AUTH } } }
    chat: { type: slack, url: { credential: slack } }
    hc: { type: healthchecks, url: { env: HC } }
    quiet: { type: healthchecks, url: { env: HC }, states: [fail] }
  `);
  const smtp = { host: 'mail', port: 587, tls: false, starttls: 'required' };
  expect(resolveNotifiers(config!)).toEqual({
    plain: { type: 'mail', to: ['ops@example.org'] },
    server: { type: 'mail', to: ['ops@example.org'], smtp: { ...smtp, user: 'u', password: { file: '/p' } } },
    tls: {
      type: 'mail',
      to: ['ops@example.org'],
      from: 'a@b.c',
      smtp: { ...smtp, port: 465, tls: true, ca: '/ca.pem' },
    },
    hook: { type: 'webhook', url: 'https://example.org/', headers: { A: 'b', Authorization: { env: 'AUTH' } } },
    chat: { type: 'slack', url: { credential: 'slack' } },
    hc: { type: 'healthchecks', url: { env: 'HC' }, states: ['start', 'success', 'fail', 'log'] },
    quiet: { type: 'healthchecks', url: { env: 'HC' }, states: ['fail'] },
  });
  expect(resolveNotifiers({})).toEqual({});
});
