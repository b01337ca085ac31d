import { expect, test } from 'vitest';
import { alertName, describeAlert } from '../../../../src/lib/tls/raw/alert.ts';

test('alerts have the names of the registry, others their number', () => {
  expect([40, 70, 80, 112, 116].map(alertName)).toEqual([
    'handshake_failure',
    'protocol_version',
    'internal_error',
    'unrecognized_name',
    'certificate_required',
  ]);
  expect(alertName(200)).toBe('alert 200');
});

test('an alert is described by what it means, its name and its number', () => {
  expect(describeAlert(48)).toEqual({
    code: 'handshake-failed',
    message:
      'the server refused the handshake: it does not know who issued the client certificate (unknown_ca, alert 48)',
  });
  expect(describeAlert(200)).toEqual({
    code: 'handshake-failed',
    message: 'the server refused the handshake (alert 200)',
  });
});

test('a refused name and a closed connection are told from a failed handshake', () => {
  expect(describeAlert(112)).toMatchObject({ code: 'sni-refused', hint: expect.stringContaining('--servername') });
  expect(describeAlert(0).code).toBe('reset');
});

test('every number has a description', () => {
  for (let code = 0; code < 256; code += 1) expect(describeAlert(code).message).toContain(`alert ${code})`);
});
