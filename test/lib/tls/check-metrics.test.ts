import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { expositionText } from '../../../src/lib/results/exposition.ts';
import type { CertificateCheck } from '../../../src/lib/tls/certificate-check.ts';
import { checkMetrics } from '../../../src/lib/tls/check-metrics.ts';
import { finding } from '../../../src/lib/tls/judge/finding.ts';
import { requireProgram } from '../../support/services.ts';
import { parseExposition } from '../system/exporter/parse-exposition.ts';
import { checked, facts, issuer } from './checked.ts';

const promtool = requireProgram('promtool', 'the metrics of ssl-expiry are not checked by Prometheus itself');

const second = (iso: string) => Date.parse(iso) / 1000;

/** All series, `name{label="value",...} value`, as Prometheus reads them; it throws for a series that is there twice. */
function series(...checks: readonly CertificateCheck[]): string[] {
  const families = parseExposition(expositionText(checks.flatMap((check) => [...checkMetrics(check)])));
  return [...families].flatMap(([name, family]) =>
    [...family.series.values()].map(({ labels, value }) => {
      const text = Object.entries(labels).map(([label, each]) => `${label}="${each}"`);
      return `${name}{${text.join(',')}} ${value}`;
    }),
  );
}

function names(check: CertificateCheck): string[] {
  return [...new Set([...checkMetrics(check)].map(({ name }) => name))].toSorted();
}

const withoutDate = (() => {
  const {
    expires: _,
    left_seconds: __,
    left_pct: ___,
    expires_index: ____,
    ...rest
  } = checked({
    certificates: [],
    status: 'unknown',
    findings: [finding('timeout', 'no answer')],
    endpoint: { host: 'one.test', port: 443, protocol: 'tls', attempts: 1 },
  });
  return rest;
})();
const { endpoint: _endpoint, ...noServer } = checked({ certificates: [facts({ source: 'file' })] });
const fileCheck = { ...noServer, subject: 'certs/one.pem', file: { path: 'certs/one.pem', format: 'pem' } } as const;
const secret = { namespace: 'shop', name: 'tls', key: 'tls.crt' };
const secretCheck = { ...noServer, subject: 'shop/tls tls.crt', file: { format: 'pem', secret } } as const;

test('a server has the names that exporters have made known', () => {
  expect(series(checked()).toSorted()).toEqual(
    [
      'ssl_probe_success{target="one.test:443"} 1',
      `probe_ssl_earliest_cert_expiry{target="one.test:443"} ${second('2026-04-01')}`,
      `probe_ssl_last_chain_expiry_timestamp_seconds{target="one.test:443"} ${second('2026-04-01')}`,
      `devops_ssl_expiry_timestamp_seconds{target="one.test:443"} ${second('2026-04-01')}`,
      'ssl_tls_version_info{target="one.test:443",version="TLS 1.3"} 1',
      ...['before', 'after'].map((end) => {
        const value = second(end === 'before' ? '2026-01-01' : '2026-04-01');
        const labels = 'cn="one.test",dnsnames=",one.test,*.one.test,",ips=",192.0.2.1,",issuer_cn="R3",serial_no="10"';
        return `ssl_cert_not_${end}{${labels},target="one.test:443"} ${value}`;
      }),
      ...['before', 'after'].map((end) => {
        const value = second(end === 'before' ? '2026-01-01' : '2027-01-01');
        const labels = `cn="R3",issuer_cn="X1",serial_no="${2n ** 80n - 1n}"`;
        return `ssl_cert_not_${end}{${labels},target="one.test:443"} ${value}`;
      }),
    ].toSorted(),
  );
});

describe('what could not be told has no series', () => {
  test('of a server without an answer there is the failure and its finding', () => {
    expect(series(withoutDate)).toEqual([
      'ssl_probe_success{target="one.test:443"} 0',
      'devops_ssl_finding{code="timeout",severity="unknown",target="one.test:443"} 1',
    ]);
  });

  test('an untrusted chain has no time until which it is trusted', () => {
    for (const trusted of [false, undefined]) {
      const { trusted: _trusted, ...endpoint } = checked().endpoint!;
      const check = checked({ endpoint: { ...endpoint, ...(trusted === undefined ? {} : { trusted }) } });
      expect(names(check)).not.toContain('probe_ssl_last_chain_expiry_timestamp_seconds');
      expect(names(check)).toContain('probe_ssl_earliest_cert_expiry');
    }
  });
});

test('what was presented and what counts are two times', () => {
  const unused = facts({ common_name: 'Old', serial: '0B', on_path: false, not_after: '2025-01-01T00:00:00Z' });
  const root = facts({ common_name: 'X1', source: 'trust-store', not_after: '2024-01-01T00:00:00Z' });
  const found = series(checked({ certificates: [facts(), issuer, unused, root] }));
  expect(found).toContain(`probe_ssl_earliest_cert_expiry{target="one.test:443"} ${second('2025-01-01')}`);
  expect(found).toContain(`devops_ssl_expiry_timestamp_seconds{target="one.test:443"} ${second('2026-04-01')}`);
  // Of what the server did not send there are no series.
  expect(found.filter((line) => line.startsWith('ssl_cert_not_after'))).toHaveLength(3);
});

test('files and Secrets have families of their own', () => {
  expect(names(fileCheck)).toEqual([
    'devops_ssl_expiry_timestamp_seconds',
    'ssl_file_cert_not_after',
    'ssl_file_cert_not_before',
    'ssl_probe_success',
  ]);
  expect(series(fileCheck).find((line) => line.startsWith('ssl_file_cert_not_after'))).toContain(
    'file="certs/one.pem"',
  );
  const line = series(secretCheck).find((each) => each.startsWith('ssl_kubernetes_cert_not_after'))!;
  for (const label of ['namespace="shop"', 'secret="tls"', 'key="tls.crt"']) expect(line).toContain(label);
  expect(line).not.toContain('target=');
});

test.each([
  ['TLSv1', 'TLS 1.0'],
  ['TLSv1.1', 'TLS 1.1'],
  ['TLSv1.2', 'TLS 1.2'],
  ['TLSv1.3', 'TLS 1.3'],
])('%s is called %s', (version, label) => {
  const check = checked({ endpoint: { ...checked().endpoint!, tls_version: version } });
  expect(series(check)).toContain(`ssl_tls_version_info{target="one.test:443",version="${label}"} 1`);
});

test.each([
  ['00', '0'],
  ['FF', '255'],
  ['-01', '-1'],
  ['F'.repeat(40), String(2n ** 160n - 1n)],
])('the serial number %s is %s in decimal digits', (serial, decimal) => {
  const line = series(checked({ certificates: [facts({ serial })] })).find((each) => each.startsWith('ssl_cert_not_a'));
  expect(line).toContain(`serial_no="${decimal}"`);
});

test('no series is there twice, whatever a server sends and however often', () => {
  const twice = finding('expired', 'words', { index: 0 });
  const check = checked({
    certificates: [facts(), facts(), issuer, issuer],
    findings: [twice, { ...twice, index: 1 }, { ...twice, severity: 'note' }],
  });
  // Unlike the test's own reader, the exposition leaves a second one out.
  expect(series(check, check)).toHaveLength(
    series(checked({ findings: [twice, { ...twice, severity: 'note' }] })).length,
  );
});

test('5,000 names make no label of 100 KB', () => {
  const dns_names = Array.from({ length: 5_000 }, (_, index) => `host-${index}.names.test`);
  const line = series(checked({ certificates: [facts({ dns_names })] })).find((each) =>
    each.startsWith('ssl_cert_not_a'),
  )!;
  expect(line.length).toBeLessThan(2_000);
  expect(line).toContain('dnsnames=",host-0.names.test,');
  expect(line).toContain(',host-49.names.test,"');
});

test('a certificate without common names has empty ones', () => {
  const { common_name: _cn, issuer_common_name: _issuer, ...bare } = facts({ dns_names: [], ip_addresses: [] });
  const metric = [...checkMetrics(checked({ certificates: [bare] }))].find(({ name }) => name === 'ssl_cert_not_after');
  expect(metric?.labels).toEqual({
    target: 'one.test:443',
    cn: '',
    issuer_cn: '',
    serial_no: '10',
    dnsnames: '',
    ips: '',
  });
});

test('Nagios is shown what is left of the one date that counts, and the windows that are not switched off', () => {
  const shown = (check: CertificateCheck) => [...checkMetrics(check)].flatMap(({ performance }) => performance ?? []);
  const left = { label: 'one.test:443', value: 60 * 86_400, unit: 's' };
  expect(shown(checked())).toEqual([{ ...left, warning: '1944000:', critical: '604800:' }]);
  const { warn_seconds: _warn, crit_seconds: _crit, ...never } = checked();
  expect(shown(never)).toEqual([left]);
});

test.skipIf(promtool === undefined)('promtool has nothing to say against any of it, however hostile', () => {
  const hostile = facts({
    common_name: 'a"b\\c\nd\0\ud800',
    issuer_common_name: '{}=,#',
    dns_names: ['x"y', '\n# HELP'],
    serial: '-FF',
  });
  const findings = [finding('expired', 'words', { index: 0 }), finding('chain-order', 'words')];
  const checks = [
    checked(),
    withoutDate,
    fileCheck,
    secretCheck,
    checked({ subject: 'evil"\\\n.test:443', certificates: [hostile, hostile], findings }),
  ];
  const input = expositionText(checks.flatMap((check) => [...checkMetrics(check)]));
  const { status, stdout, stderr } = spawnSync(promtool!, ['check', 'metrics'], { input, encoding: 'utf8' });
  expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
});
