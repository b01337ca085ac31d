import { resolve } from 'node:path';
import { addAddressOptions, type AsgIpsOptions } from '../asg-ips-options.ts';
import { targetRequest } from '../aws-options.ts';
import { defineCommand, type Outcome, type Spec } from '../command.ts';
import type { Context } from '../context.ts';
import type { AddressKey } from '../lib/aws/addresses/address-key.ts';
import { addressKinds } from '../lib/aws/addresses/address-kind.ts';
import { checkOptions } from '../lib/aws/addresses/check-options.ts';
import { type AsgAddress, asgAddress } from '../lib/aws/addresses/asg-address.ts';
import type { FailedAnswer } from '../lib/aws/addresses/ask-targets.ts';
import type { TakeAddress } from '../lib/aws/addresses/find-addresses.ts';
import { lackingNote } from '../lib/aws/addresses/judge-addresses.ts';
import type { Survey } from '../lib/aws/addresses/survey-addresses.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { formatDuration } from '../lib/quantity/duration.ts';
import { printable } from '../lib/text/printable.ts';
import { columns } from '../views/asg-ips.ts';
import { ansibleInventory } from '../views/asg-ips-ansible.ts';
import { fileSdTargets } from '../views/asg-ips-file-sd.ts';
import { withoutOptimizer } from '../without-optimizer.ts';

/** Seconds. */
const defaultWait = 300;

/** What stands in the output; the runner tells what failed. */
type AsgRecord = AsgAddress | FailedAnswer;

/** A line or a record, with what it is sorted by. */
interface Sorted<Value> {
  key: AddressKey;
  value: Value;
}

export default defineCommand({
  description: [
    'Print the addresses of the instances of autoscaling groups: one on each line and nothing else, sorted, each once. Names may be globs (quote them), of which any may match; several regions and profiles are asked at the same time.',
    'Of each instance the private IPv4 address is printed, else the public one, else the primary IPv6 one. Instances that are not InService in their group, or not running, are left out; unhealthy ones are not, unless --health Healthy says so. What lacks the address that was asked for is told on stderr.',
    'No address at all, or fewer than --min, is exit code 1; a group that does not exist or a region that cannot be asked is exit code 2, beside what was found.',
    'Fields of --template: ip, host (the same, but IPv6 in brackets, as it has to be before a port), id, az, region, profile, account, group, name (the tag Name), type, state, health, lifecycle, private, public, ipv6, age (seconds since the last start) and tag:KEY. {{ and }} are braces, \\n and \\t a line feed and a tab. What an instance does not have is empty; a line feed or control character in a tag becomes an escape.',
    'With --write nothing is printed: the file is replaced as a whole, and only if the answer is complete, has an address and is another one than before (records in a file have no age_seconds, which would change each time). With --on-change a command is then called, by the next run if not by this one.',
    'Formats of its own: ansible (an inventory for ansible -i FILE, hosts called by their instance id) and file_sd (targets for Prometheus, with --port).',
  ].join('\n\n'),
  examples: [
    { command: 'for ip in $(devops asg-ips web); do ssh "$ip" uptime; done', what: 'the addresses of a group' },
    { command: "devops asg-ips 'web-*' --region all -l", what: 'groups by a glob, in every region, as a table' },
    {
      command: 'devops asg-ips web --wait-min 3 --wait-timeout 10m',
      what: 'in a deployment: wait until there are three',
    },
    {
      command: "devops asg-ips web --template '{ip} {id}.web.internal' --write /etc/hosts.d/web",
      what: 'lines for /etc/hosts',
    },
    {
      command: "devops asg-ips web --template 'Host {id}\\n  HostName {ip}\\n  User admin' --write ~/.ssh/config.d/web",
      what: 'for ~/.ssh/config, which has: Include config.d/*',
    },
    {
      command:
        "devops asg-ips web --template 'server {host}:8080;' --write /etc/nginx/web.upstream --on-change 'nginx -t && nginx -s reload'",
      what: 'nginx: upstream web { include web.upstream; }',
    },
    {
      command: "devops asg-ips web --template '    server {id} {host}:8080 check' --write /etc/haproxy/web.servers",
      what: 'server lines for haproxy',
    },
    { command: 'devops asg-ips web -o file_sd --port 9100 --write /etc/prometheus/web.json', what: 'for Prometheus' },
    {
      command: 'devops asg-ips web -o ansible --write web.json && ansible -i web.json web -m ping',
      what: 'for Ansible',
    },
  ],
  define: (spec: Spec) => addAddressOptions(spec),
  complete: { '--ip': () => addressKinds },
  shape: 'many',
  diverts: ({ write }) => write !== undefined,

  async raw(ctx, options, words): Promise<Outcome<AsgRecord> | undefined> {
    checkOptions(options);
    if (options.port !== undefined) throw new UserError('--port has no meaning without -o file_sd', { code: 'usage' });
    if (options.long === true) return undefined;
    const { template } = options;
    const now = ctx.now().getTime() / 1000;
    let lines: Sorted<string>[] = [];
    let records: Sorted<AsgAddress>[] = [];
    const { sortedValues } = await import('../lib/aws/addresses/sorted-values.ts');
    const tags = template?.tags ?? [];
    const survey = await lookAround(ctx, options, words, ctx.judging ? [...tags, 'Name'] : tags, () => {
      lines = [];
      records = [];
      if (template === undefined && !ctx.judging) return undefined;
      return (ip, key, instance) => {
        if (template !== undefined) lines.push({ key, value: template.render(ip, instance, now) });
        if (ctx.judging)
          records.push({ key, value: asgAddress(ip, instance, options.write === undefined ? now : undefined) });
      };
    });
    const end = options.null === true ? '\0' : '\n';
    const all = template === undefined ? survey.found.addresses.sorted() : [...new Set(sortedValues(lines))];
    if (all.length > 0) await ctx.stdout.write(all.join(end) + end);
    return { ...outcomeOf(ctx, options, survey), results: [...sortedValues(records), ...survey.failures] };
  },

  async *run(ctx, options, words): AsyncGenerator<AsgRecord, Outcome> {
    checkOptions(options);
    // The runner has asked `raw` for text already, unless only what is not ok is printed.
    const isText = options.long === true || (ctx.quiet && options.write === undefined);
    if (!isText && (options.template !== undefined || options.null === true)) {
      const name = options.template === undefined ? '-0' : '--template';
      throw new UserError(`${name} makes text of the addresses: it has no meaning with this --output`, {
        code: 'usage',
      });
    }
    // The age would make another file of it each time.
    const now = options.write === undefined ? ctx.now().getTime() / 1000 : undefined;
    let records: Sorted<AsgAddress>[] = [];
    const { sortedValues } = await import('../lib/aws/addresses/sorted-values.ts');
    const survey = await lookAround(ctx, options, words, ['Name'], () => {
      records = [];
      return (ip, key, instance) => records.push({ key, value: asgAddress(ip, instance, now) });
    });
    yield* sortedValues(records);
    yield* survey.failures;
    return outcomeOf(ctx, options, survey);
  },

  columns,
  // Every address is fine by itself; whether there are enough of them is said at the end.
  verdicts: () => [],
  formats: {
    ansible: (results) => ansibleInventory(results.filter(isAddress)),
    file_sd: (results, { port }) => fileSdTargets(results.filter(isAddress), port),
  },
});

const isAddress = (record: AsgRecord): record is AsgAddress => 'ip' in record;

async function lookAround(
  ctx: Context,
  options: AsgIpsOptions,
  words: readonly string[],
  tags: readonly string[],
  collect: () => TakeAddress | undefined,
): Promise<Survey> {
  withoutOptimizer();
  const { surveyAddresses } = await import('../lib/aws/addresses/survey-addresses.ts');
  const { signal, progress } = ctx;
  const { waitMin } = options;
  const atLeast = Math.max(options.min, waitMin ?? 0);
  const longest = options.waitTimeout ?? defaultWait;
  let seen = 0;
  let isWaiting = false;
  const survey = await surveyAddresses(
    targetRequest(ctx, options),
    {
      groups: words,
      groupTags: options.tag,
      conditions: {
        lifecycles: options.lifecycle ?? new Set(['InService']),
        healths: options.health,
        states: options.state ?? new Set(['running']),
        zones: options.az,
      },
      kind: options.ip,
      tags: tags.length === 0 ? 'none' : tags,
      atLeast,
      wait:
        waitMin === undefined
          ? undefined
          : {
              seconds: longest,
              monotonic: () => ctx.monotonic(),
              pause(seconds, until) {
                // Where nobody sees the bar, minutes would pass without a word.
                if (!isWaiting && !ctx.quiet) {
                  tell(ctx, `${seen} of ${atLeast} addresses: waiting for up to ${formatDuration(longest)}`);
                }
                isWaiting = true;
                return ctx.pause(seconds, until);
              },
              signal,
            },
      onLook(count) {
        seen = count;
        if (waitMin !== undefined) progress.update('addresses', count, atLeast);
      },
    },
    collect,
  );
  // Without any address the closing line has it already.
  const note = survey.found.addresses.size() === 0 ? undefined : lackingNote(survey.found, options.ip);
  if (note !== undefined) tell(ctx, note);
  return survey;
}

function tell(ctx: Context, text: string): void {
  ctx.progress.clear();
  void ctx.stderr.write(`devops: ${printable(text)}\n`)?.catch(() => undefined);
}

/** The file is replaced by a whole answer only: a region that fails must not take servers out of a balancer. */
function outcomeOf(ctx: Context, options: AsgIpsOptions, { found, failures, verdicts }: Survey): Outcome {
  const { write } = options;
  const isFine = failures.length === 0 && verdicts.every(({ status }) => status === 'ok');
  if (write === undefined || !isFine) return { verdicts };
  const file = resolve(ctx.cwd(), write);
  if (found.addresses.size() === 0) {
    tell(ctx, `there is no address: '${file}' is left as it is`);
    return { verdicts };
  }
  return {
    verdicts,
    async deliver(content) {
      const { publish } = await import('../lib/aws/addresses/publish.ts');
      await publish({
        file,
        content,
        onChange: options.onChange,
        account: { env: ctx.env, uid: ctx.userId, homeDirectory: ctx.homeDirectory() },
        pid: ctx.processId,
        now: ctx.now().getTime() / 1000,
        signal: ctx.signal,
        tell(text) {
          ctx.progress.clear();
          void ctx.stderr.write(text)?.catch(() => undefined);
        },
      });
    },
  };
}
