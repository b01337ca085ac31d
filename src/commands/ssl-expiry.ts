import { hostname } from 'node:os';
import { defineCommand, type Spec } from '../command.ts';
import type { Context } from '../context.ts';
import { Interruption } from '../interruption.ts';
import { nearest } from '../lib/errors/nearest.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { parseDuration } from '../lib/quantity/duration.ts';
import { wholeNumber } from '../lib/quantity/whole-number.ts';
import { type CertificateCheck, type FindingCode, findingSeverities } from '../lib/tls/certificate-check.ts';
import { checkVerdicts } from '../lib/tls/check-verdicts.ts';
import { type Protocol, protocols } from '../lib/tls/protocol.ts';
import { parseAddress, parseServerName } from '../lib/tls/target/connection-overrides.ts';
import { parseThreshold } from '../lib/tls/target/parse-threshold.ts';
import { byUrgency, columns, viewBelow } from '../views/ssl-expiry.ts';

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];

export default defineCommand({
  description: [
    'Tell when TLS certificates expire, and what else is wrong with them, for one server or ten thousand, for files, folders and Kubernetes Secrets.',
    'A target is a host, host:port, [v6]:port, a URL whose scheme picks the protocol (https://, smtp://, imap://, pop3://, ftp://, ldap://, postgres://, mysql://: with STARTTLS where the protocol has it), or a path. Without any the targets of devops.yaml are looked at.',
    "Thresholds are lists of which the smallest window counts: 30d,25% is thirty days or a quarter of the certificate's life, whichever is less, so that certificates of 398, 90, 47 or 6 days all alarm in time and those renewed by a machine never do.",
  ].join('\n\n'),
  examples: [
    { command: 'devops ssl-expiry example.com mail.example.com:993', what: 'two servers' },
    { command: 'devops ssl-expiry smtp://mx.example.com postgres://db1', what: 'with STARTTLS' },
    { command: 'devops ssl-expiry /etc/letsencrypt/live', what: 'every certificate in a folder' },
    { command: 'devops ssl-expiry -q -f hosts.txt', what: 'from cron: silent while all is well' },
    { command: 'kubectl get secret -A -o json | devops ssl-expiry -f -', what: 'the certificates of a cluster' },
    { command: 'devops ssl-expiry -o nagios -w 21d -c 7d example.com', what: 'as a monitoring plugin' },
  ],
  define: (spec: Spec) =>
    spec
      .argument('[targets...]', 'hosts, host:port, URLs, files or folders (default: the inventory in devops.yaml)')
      .option(
        '-f, --file <file>',
        'read targets, PEM or Secrets from this file, - is standard input; may be repeated',
        collect,
        [],
      )
      .option(
        '-w, --warn <threshold>',
        'warn when no more than this is left; of several the smallest counts, 0 is never (default: 30d,25%)',
        parseThreshold,
      )
      .option(
        '-c, --crit <threshold>',
        'critical when no more than this is left; 0 is never (default: 7d,10%)',
        parseThreshold,
      )
      .option('--expiry-only', 'look at dates alone, not at trust, names and keys')
      .option('--ignore <codes>', 'findings that do not count, separated by commas; may be repeated', collect, [])
      .option(
        '--unreachable <status>',
        'what a server counts as that cannot be asked: ok, warning, critical or unknown (default: unknown)',
        parseUnreachable,
      )
      .option(
        '--starttls <protocol>',
        `protocol of the targets without a scheme: ${protocols.join(', ')}`,
        parseProtocol,
      )
      .option('--servername <name>', 'ask for this name and compare with it', parseServerName)
      .option('--address <address>', 'connect to this address instead of what DNS says', parseAddress)
      .option('--all-ips', 'look at every address of a name')
      .option('-4, --ipv4', 'use IPv4 alone')
      .option('-6, --ipv6', 'use IPv6 alone')
      .option('--both-key-types', 'look at the RSA and at the EC certificate of servers that have both')
      .option('--ca <file>', 'PEM file of certificate authorities to trust beside those of the system')
      .option('--cert <file>', 'client certificate to present, PEM')
      .option('--key <file>', 'its private key, PEM (default: in the file of --cert)')
      .option('--password-file <file>', 'file with the password of PKCS#12 files, or of the key')
      .option('--connect-timeout <duration>', 'how long one target may take (default: 10s)', parseTimeout)
      .option('--retries <count>', 'how often a refused or reset connection is tried again', wholeNumber(0, 100), 1)
      .option('--concurrency <count>', 'targets to look at at the same time (default: 256)', wholeNumber(1, 4096)),
  complete: {
    '--starttls': () => protocols,
    '--unreachable': () => unreachableStates,
    '--ignore': () => Object.keys(findingSeverities),
  },
  shape: 'many',

  async *run(ctx, options, words: string[]): AsyncGenerator<CertificateCheck> {
    const { checkTargets } = await import('../lib/tls/check-targets.ts');
    const { env, userId, signal } = ctx;
    const inventory = (await ctx.config()).config['ssl-expiry'] ?? {};
    if (options.ipv4 === true && options.ipv6 === true) {
      throw new UserError('-4 and -6 leave no address', {
        code: 'usage',
        hints: ['leave both out to use either kind'],
      });
    }
    const seen = { done: 0, total: 0 };
    const checks = checkTargets({
      ...options,
      words,
      inventory,
      ignoreCodes: ignoredCodes(options.ignore),
      family: options.ipv4 === true ? 4 : options.ipv6 === true ? 6 : 0,
      stdin: () => listInput(ctx),
      clientName: hostname(),
      env,
      userId,
      signal,
      now: () => ctx.now(),
      monotonic: () => ctx.monotonic(),
      onProgress(done, total) {
        Object.assign(seen, { done, total });
        ctx.progress.update('targets', done, total);
      },
      onDefect: (error, target) => ctx.log.debug('a defect of devops', { target, stack: stackOf(error) }),
    });
    try {
      yield* checks;
    } finally {
      tellHowFar(ctx, seen);
    }
  },

  columns,
  sort: byUrgency,
  below: viewBelow,
  verdicts: checkVerdicts,
  loadMetrics: async () => (await import('../lib/tls/check-metrics.ts')).checkMetrics,
});

/** What is known is printed when a run is stopped, and would look like all there is. */
function tellHowFar(ctx: Context, { done, total }: { done: number; total: number }): void {
  const { aborted, reason } = ctx.signal;
  const isUnread = reason instanceof Interruption && reason.reason === 'closed pipe';
  if (!aborted || isUnread || done === total) return;
  ctx.progress.clear();
  void ctx.stderr.write(`devops: stopped: ${done} of ${total} targets were looked at\n`);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Whoever forgot the file would wait for an answer, and so would we. */
function listInput(ctx: Context) {
  const stdin = ctx.stdin();
  if ('isTTY' in stdin && stdin.isTTY === true) {
    void ctx.stderr.write('devops: reads targets from the terminal, one on each line; Ctrl-D ends the list\n');
  }
  return stdin;
}

const unreachableStates = ['ok', 'warning', 'critical', 'unknown'] as const;

function parseUnreachable(text: string): (typeof unreachableStates)[number] {
  const state = unreachableStates.find((known) => known === text);
  if (state !== undefined) return state;
  throw new UserError(`'${text}' is no status`, { code: 'usage', hints: [`use ${unreachableStates.join(', ')}`] });
}

function parseProtocol(text: string): Protocol {
  const protocol = protocols.find((known) => known === text);
  if (protocol !== undefined) return protocol;
  throw new UserError(`there is no STARTTLS for '${text}'`, { code: 'usage', hints: [`use ${protocols.join(', ')}`] });
}

function ignoredCodes(lists: readonly string[]): ReadonlySet<FindingCode> {
  const known = Object.keys(findingSeverities) as FindingCode[];
  const words = lists.flatMap((list) => list.split(',')).map((word) => word.trim());
  // `--ignore "$CODES"` with nothing in it ignores nothing.
  const codes = words.filter((word) => word !== '');
  return new Set(
    codes.map((word) => {
      const code = known.find((each) => each === word);
      if (code !== undefined) return code;
      const near = nearest(word, known);
      const hint = near === undefined ? `codes are: ${known.join(', ')}` : `did you mean '${near}'?`;
      throw new UserError(`option '--ignore': there is no finding '${word}'`, { code: 'usage', hints: [hint] });
    }),
  );
}

function parseTimeout(text: string): number {
  const seconds = parseDuration(text);
  if (seconds > 0 && seconds <= 3600) return seconds;
  throw new UserError(`'${text}' is out of range`, {
    code: 'usage',
    hints: ['use more than 0 and at most 1h, such as 10s'],
  });
}
