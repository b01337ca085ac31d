import { expect, test } from 'vitest';
import { parseIni } from '../../../../src/lib/aws/session/profile-ini.ts';

const plain = (text: string): unknown =>
  Object.fromEntries([...parseIni(text)].map(([name, settings]) => [name, Object.fromEntries(settings)]));

test('sections, settings, comments and blocks are read as the SDK reads them', () => {
  const text = `\uFEFFregion = of-nothing
# a comment
[default]
region = eu-west-1 ; said so
aws_secret_access_key = a#b;c=d
 [profile "two words"]
region=eu-west-2
region = eu-west-3\r
[profile   spaces]
s3 =
  max_concurrent_requests = 20
  endpoint_url = http://127.0.0.1:1
output = json
no setting
= nothing
[services here]
ec2 =
    endpoint_url = https://a.example
[default]
output = text
`;
  expect(plain(text)).toEqual({
    default: { region: 'eu-west-1', aws_secret_access_key: 'a#b;c=d', output: 'text' },
    'profile two words': { region: 'eu-west-3' },
    'profile spaces': {
      's3.max_concurrent_requests': '20',
      's3.endpoint_url': 'http://127.0.0.1:1',
      output: 'json',
    },
    'services here': { 'ec2.endpoint_url': 'https://a.example' },
  });
});

test('names that are special to JavaScript are names like any other', () => {
  expect(parseIni('[__proto__]\nregion = x\n[constructor]\ntoString = y').get('__proto__')?.get('region')).toBe('x');
});

test('a hostile file takes time in proportion to its length', () => {
  const began = performance.now();
  parseIni(`[${' '.repeat(500_000)}x\n${'a'.repeat(500_000)}\n${'= '.repeat(200_000)}\n${' ;'.repeat(200_000)}`);
  expect(performance.now() - began).toBeLessThan(1500);
});
