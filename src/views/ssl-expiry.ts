import type { Column, Screen } from '../command.ts';
import { formatDuration } from '../lib/quantity/duration.ts';
import type { Status } from '../lib/results/verdict.ts';
import type { CertificateCheck, CertificateFacts, Finding, Severity } from '../lib/tls/certificate-check.ts';
import { printable } from '../lib/text/printable.ts';
import { bar } from '../terminal/bar.ts';
import { type Color, paint } from '../terminal/color.ts';
import { pad, width } from '../terminal/width.ts';
import { wrap } from '../terminal/wrap.ts';

const colors: Readonly<Record<Status | Severity, Color>> = {
  ok: 'green',
  warning: 'yellow',
  critical: 'red',
  unknown: 'red',
  note: 'dim',
};

const barCells = 8;
const secondsPerDay = 86_400;

export const columns: readonly Column<CertificateCheck>[] = [
  { name: 'target', value: ({ subject }) => subject },
  {
    name: 'status',
    value: ({ status }) => status,
    cell: ({ status }, screen) => paint(screen, colors[status], status),
  },
  {
    name: 'days_left',
    align: 'right',
    value: ({ left_seconds: left }) =>
      left === undefined ? undefined : Math.round((left / secondsPerDay) * 100) / 100,
    cell: ({ left_seconds: left }) => (left === undefined ? '' : leftText(left)),
  },
  {
    name: 'life',
    dispensable: true,
    value: ({ left_pct: share }) => share,
    cell({ left_pct: share, status }, screen) {
      if (share === undefined) return '';
      const { filled, empty } = bar(share / 100, barCells, screen.unicode);
      return paint(screen, colors[status], filled) + paint(screen, 'dim', empty);
    },
  },
  {
    name: 'expires',
    value: ({ expires }) => expires,
    cell: ({ expires }) => expires?.slice(0, 10) ?? '',
  },
  {
    name: 'issuer',
    dispensable: true,
    value: ({ certificates }) => certificates[0]?.issuer_common_name ?? certificates[0]?.issuer,
  },
  { name: 'names', dispensable: true, value: ({ certificates }) => namesOf(certificates[0]) },
  { name: 'findings', programsOnly: true, value: ({ findings }) => findings.map(({ code }) => code).join(',') },
  { name: 'message', programsOnly: true, value: ({ findings }) => findings.find(isCounted)?.message },
  { name: 'owner', programsOnly: true, value: ({ owner }) => owner },
];

/** Whole days, and hours where a day is too much. */
function leftText(seconds: number): string {
  if (seconds < 0) return 'expired';
  if (seconds < 2 * secondsPerDay) return formatDuration(seconds);
  return `${Math.floor(seconds / secondsPerDay)}d`;
}

/** A table has room for some of five thousand names only. */
const mostNames = 20;

function namesOf(certificate: CertificateFacts | undefined): string {
  if (certificate === undefined) return '';
  const { dns_names: names, ip_addresses: addresses, common_name: commonName } = certificate;
  const count = names.length + addresses.length;
  if (count === 0) return commonName ?? '';
  const shown = [...names.slice(0, mostNames), ...addresses.slice(0, mostNames)].slice(0, mostNames).join(', ');
  return count > mostNames ? `${shown} and ${count - mostNames} more` : shown;
}

function isCounted({ severity }: Finding): boolean {
  return severity !== 'note';
}

const urgency: readonly Status[] = ['critical', 'unknown', 'warning', 'ok'];

/** What needs somebody first, and then what ends first. */
export function byUrgency(a: CertificateCheck, b: CertificateCheck): number {
  return (
    urgency.indexOf(a.status) - urgency.indexOf(b.status) ||
    (a.left_seconds ?? -Infinity) - (b.left_seconds ?? -Infinity) ||
    (a.subject < b.subject ? -1 : 1)
  );
}

/** The findings in full, after the chain when there is only one target to look at. */
export function viewBelow(checks: readonly CertificateCheck[], screen: Screen): string {
  const blocks = [
    ...(checks.length === 1 ? [chain(checks[0]!, screen)] : []),
    checks.flatMap((check) =>
      check.findings.filter(isTold(checks.length)).map((found) => findingText(check, found, screen)),
    ),
    ...(checks.length > 1 ? [[summary(checks, screen)]] : []),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `\n${lines.join('\n')}\n`)
    .join('');
}

/** Notes of many targets would bury what counts, but why something expired is fine has to be told. */
function isTold(targets: number): (found: Finding) => boolean {
  return (found) => targets === 1 || isCounted(found) || (found.ignored ?? '--ignore') !== '--ignore';
}

const severityCells = 8;
const narrowest = 30;

function findingText(
  { subject }: CertificateCheck,
  { severity, message, hint, ignored }: Finding,
  screen: Screen,
): string {
  const room = Math.max(narrowest, screen.columns - severityCells - 2);
  const why = ignored === undefined ? '' : ` (ignored: ${ignored})`;
  const [first, ...rest] = wrap(printable(`${subject}: ${message}${why}`), room);
  const advice = hint === undefined ? [] : wrap(printable(hint), room).map((line) => paint(screen, 'dim', line));
  const head = paint(screen, colors[severity], severity.padEnd(severityCells));
  return [`${head}  ${first}`, ...[...rest, ...advice].map((line) => `${' '.repeat(severityCells + 2)}${line}`)].join(
    '\n',
  );
}

function chain({ certificates, endpoint }: CertificateCheck, screen: Screen): string[] {
  const { address, tls_version: version, cipher, trusted, name_matches: matches } = endpoint ?? {};
  const facts = [
    address,
    version,
    cipher,
    trusted === undefined ? undefined : trusted ? 'trusted' : 'not trusted',
    matches === undefined ? undefined : matches ? 'name matches' : 'name does not match',
  ].filter((fact) => fact !== undefined);
  const session = facts.length === 0 ? [] : wrap(facts.map(printable).join('  '), Math.max(narrowest, screen.columns));
  const names = certificates.map(({ common_name: name, subject }) => printable(name ?? subject));
  const cells = Math.min(Math.max(0, ...names.map((name) => width(name))), Math.max(narrowest, screen.columns - 50));
  const lines = certificates.map((certificate, index) => {
    const {
      not_before: from,
      not_after: until,
      key_algorithm: algorithm,
      key_bits: bits,
      on_path: onPath,
    } = certificate;
    const key = bits === undefined ? algorithm : `${algorithm} ${bits}`;
    const where = certificate.source === 'trust-store' ? '  trust store' : onPath ? '' : '  not needed';
    const line = `${String(index).padStart(2)}  ${pad(names[index]!, cells)}  ${from.slice(0, 10)} to ${until.slice(0, 10)}  ${key}${where}`;
    return onPath ? line : paint(screen, 'dim', line);
  });
  return [...session, ...lines];
}

function summary(checks: readonly CertificateCheck[], screen: Screen): string {
  const counts = urgency.toReversed().flatMap((status) => {
    const count = checks.filter((check) => check.status === status).length;
    return count === 0 ? [] : paint(screen, colors[status], `${count} ${status}`);
  });
  return `${checks.length} targets: ${counts.join(', ')}`;
}
