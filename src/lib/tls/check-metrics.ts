import type { Metric } from '../results/metric.ts';
import type { CertificateCheck, CertificateFacts } from './certificate-check.ts';
import { versionName } from './version-name.ts';

/**
 * The metrics of one target under the names that blackbox_exporter and ssl_exporter have made known, where they mean
 * the same; `target` is what their `instance` is after relabelling. Times are Unix time in seconds.
 */
export function* checkMetrics(check: CertificateCheck): Generator<Metric> {
  const { subject: target, endpoint, certificates, findings } = check;
  yield {
    name: 'ssl_probe_success',
    help: 'Whether a certificate could be read from the target.',
    type: 'gauge',
    labels: { target },
    value: certificates.length > 0 ? 1 : 0,
  };
  yield* expiryMetrics(check);
  if (endpoint?.tls_version !== undefined) {
    yield {
      name: 'ssl_tls_version_info',
      help: 'The version of TLS that was spoken, always 1.',
      type: 'gauge',
      labels: { target, version: versionName(endpoint.tls_version) },
      value: 1,
    };
  }
  for (const certificate of certificates) {
    if (certificate.source !== 'trust-store') yield* certificateMetrics(check, certificate);
  }
  for (const { code, severity } of findings) {
    yield {
      name: 'devops_ssl_finding',
      help: 'A finding about the target, always 1; notes do not count.',
      type: 'gauge',
      labels: { target, code, severity },
      value: 1,
    };
  }
}

function* expiryMetrics({
  subject: target,
  endpoint,
  certificates,
  expires,
  left_seconds: left,
  warn_seconds: warn,
  crit_seconds: crit,
}: CertificateCheck): Generator<Metric> {
  if (expires === undefined || left === undefined) return;
  const onPath = unixTime(expires);
  if (endpoint !== undefined) {
    const presented = certificates
      .filter(({ source }) => source === 'presented')
      .map(({ not_after: end }) => unixTime(end));
    yield {
      name: 'probe_ssl_earliest_cert_expiry',
      help: 'When the first of the presented certificates expires, needed or not, in Unix time.',
      type: 'gauge',
      labels: { target },
      value: Math.min(...presented),
    };
    if (endpoint.trusted === true) {
      yield {
        name: 'probe_ssl_last_chain_expiry_timestamp_seconds',
        help: 'When the trusted chain ceases to be valid, in Unix time.',
        type: 'gauge',
        labels: { target },
        value: onPath,
      };
    }
  }
  yield {
    name: 'devops_ssl_expiry_timestamp_seconds',
    help: 'When the first certificate that counts expires, in Unix time.',
    type: 'gauge',
    labels: { target },
    value: onPath,
    performance: {
      label: target,
      value: left,
      unit: 's',
      // Alarms below it, in the words of the plugin guidelines.
      ...(warn === undefined ? {} : { warning: `${warn}:` }),
      ...(crit === undefined ? {} : { critical: `${crit}:` }),
    },
  };
}

function* certificateMetrics({ subject, file }: CertificateCheck, certificate: CertificateFacts): Generator<Metric> {
  const { prefix, where } = placeOf(subject, file);
  const labels = { ...where, ...certificateLabels(certificate) };
  yield {
    name: `${prefix}_not_before`,
    help: 'From when on the certificate is valid, in Unix time.',
    type: 'gauge',
    labels,
    value: unixTime(certificate.not_before),
  };
  yield {
    name: `${prefix}_not_after`,
    help: 'Until when the certificate is valid, in Unix time.',
    type: 'gauge',
    labels,
    value: unixTime(certificate.not_after),
  };
}

/** ssl_exporter keeps servers, files and Secrets of Kubernetes in families of their own. */
function placeOf(target: string, file: CertificateCheck['file']): { prefix: string; where: Record<string, string> } {
  if (file === undefined) return { prefix: 'ssl_cert', where: { target } };
  const { secret } = file;
  if (secret === undefined) return { prefix: 'ssl_file_cert', where: { file: target } };
  const { namespace, name, key } = secret;
  return { prefix: 'ssl_kubernetes_cert', where: { namespace, secret: name, key } };
}

/** A label is no place for thousands of names. */
const mostNames = 50;

function certificateLabels(certificate: CertificateFacts): Record<string, string> {
  const {
    serial,
    common_name: commonName,
    issuer_common_name: issuer,
    dns_names: names,
    ip_addresses: addresses,
  } = certificate;
  return {
    cn: commonName ?? '',
    issuer_cn: issuer ?? '',
    // In decimal digits, and lists between commas, as ssl_exporter writes them.
    serial_no: decimal(serial),
    dnsnames: listLabel(names),
    ips: listLabel(addresses),
  };
}

/** Some authorities of old have negative serial numbers. */
function decimal(hexadecimal: string): string {
  if (hexadecimal.startsWith('-')) return `-${decimal(hexadecimal.slice(1))}`;
  return BigInt(`0x${hexadecimal}`).toString();
}

function listLabel(values: readonly string[]): string {
  return values.length === 0 ? '' : `,${values.slice(0, mostNames).join(',')},`;
}

function unixTime(iso: string): number {
  return Date.parse(iso) / 1000;
}
