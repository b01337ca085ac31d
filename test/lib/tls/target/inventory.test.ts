import { expect, test } from 'vitest';
import { checkConfig } from '../../../../src/lib/config/check-config.ts';
import { inventoryOf, inventoryTargets, withSettings } from '../../../../src/lib/tls/target/inventory.ts';
import { parseTarget } from '../../../../src/lib/tls/target/parse-target.ts';
import type { Target } from '../../../../src/lib/tls/target/target.ts';

const isFile = (): boolean => false;

async function inventory(yaml: string): Promise<Target[]> {
  const { config, problems } = await checkConfig(yaml);
  expect(problems).toEqual([]);
  return inventoryTargets(config?.['ssl-expiry']?.targets ?? [], isFile);
}

const yaml = `
ssl-expiry:
  targets:
    - example.com
    - target: mx.example.com
      starttls: smtp
      owner: mail team
      servername: mail.example.com
      address: 192.0.2.25
      warn: 36h
      crit: 0
      ignore: { until: 2027-01-01, codes: [weak-key], reason: replaced in January }
    - target: "[fe80::1%eth0]:8443"
      warn: 14
    - target: certs/live
      ignore: { until: "2027-01-01T08:00:00+01:00" }
`;

test('the inventory gives targets with their settings', async () => {
  expect(await inventory(yaml)).toEqual([
    expect.objectContaining({ subject: 'example.com:443', settings: {} }),
    expect.objectContaining({
      subject: 'smtp://mx.example.com:25',
      protocol: 'smtp',
      settings: {
        owner: 'mail team',
        servername: 'mail.example.com',
        address: '192.0.2.25',
        warn: [{ seconds: 129_600 }],
        crit: [],
        ignore: { codes: ['weak-key'], until: Date.UTC(2027, 0, 1) / 1000 },
      },
    }),
    expect.objectContaining({
      subject: '[fe80::1%eth0]:8443',
      settings: { address: 'fe80::1%eth0', warn: [{ seconds: 14 * 86_400 }] },
    }),
    { kind: 'path', path: 'certs/live', settings: { ignore: { until: Date.UTC(2027, 0, 1, 7) / 1000 } } },
  ]);
});

test('a target that is in the inventory, however it is typed, takes over what is said of it there', async () => {
  const known = inventoryOf(await inventory(yaml));
  const settingsOf = (text: string): unknown => withSettings(parseTarget(text, { isFile }), known).settings;
  for (const typed of ['mx.example.com:25', 'smtp://MX.example.com.', 'smtp://me@mx.example.com:25/x']) {
    expect(settingsOf(typed)).toMatchObject({ owner: 'mail team', address: '192.0.2.25' });
  }
  expect(settingsOf('./certs//live/')).toEqual({ ignore: { until: expect.any(Number) } });
  expect(settingsOf('fe80::1%eth0')).toEqual({ address: 'fe80::1%eth0' });
  expect(settingsOf('mx.example.com')).toEqual({});
  expect(settingsOf('smtp://mx.example.com:587')).toEqual({});
});

test('a target of the inventory keeps the spelling that was typed', async () => {
  const known = inventoryOf(await inventory(yaml));
  expect(withSettings(parseTarget('./certs/live', { isFile }), known)).toMatchObject({ path: './certs/live' });
});

test('a date that was never checked does not become one without an end', () => {
  const entries = [{ target: 'a', ignore: { until: 'tomorrow' } }];
  expect(() => inventoryTargets(entries, isFile)).toThrow(`'tomorrow' has not been checked`);
});
