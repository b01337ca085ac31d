import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import type { BenchModule } from './harness.ts';
import { wholeNumber } from './whole-number.ts';

interface Entry {
  summary: string;
  /** Options of this bench alone, beside --runs and --markdown. */
  options?: ParseArgsOptionsConfig;
  load: () => Promise<BenchModule>;
}

const benches: Record<string, Entry> = {
  startup: {
    summary: 'CPU of starting devops, over a bare node of the same copy, beside other command-line programs',
    load: () => import('./startup.ts'),
  },
  sysinfo: {
    summary: 'devops sysinfo --json beside a psutil script of the same sections, inxi, facter and neofetch',
    options: { processes: { type: 'string' } },
    load: () => import('./sysinfo.ts'),
  },
  records: {
    summary: 'what the runner costs a record as text, and how soon a closed pipe ends an endless command',
    load: () => import('./records.ts'),
  },
  'ssl-expiry': {
    summary:
      'devops ssl-expiry beside other readers of expiry dates; dead endpoints, slow DNS, long lists (--part cpu,dead,dns,many)',
    options: { endpoints: { type: 'string' }, sample: { type: 'string' }, part: { type: 'string' } },
    load: () => import('./ssl-expiry.ts'),
  },
  'logs-grep': {
    summary:
      'devops logs-grep beside ripgrep, GNU grep, awk, dategrep, zgrep, ugrep and jq (--part window,compressed,scan,print,rules,json,idle,engine; --size small)',
    options: {
      part: { type: 'string' },
      size: { type: 'string' },
      data: { type: 'string' },
      keep: { type: 'boolean' },
    },
    load: () => import('./logs-grep.ts'),
  },
  run: {
    summary: 'devops run -- true beside flock, timeout and chronic',
    load: () => import('./run.ts'),
  },
  'asg-ips': {
    summary: 'devops asg-ips beside awscli and a boto3 script',
    options: { instances: { type: 'string' } },
    load: () => import('./asg-ips.ts'),
  },
};

const shared = { runs: { type: 'string' }, markdown: { type: 'boolean' } } as const;

const usage = `usage: npm run bench -- NAME [--runs N] [--markdown]

${Object.entries(benches)
  .map(([name, { summary, options }]) => `  ${name.padEnd(12)}${summary}${optionList(options)}`)
  .join('\n')}
`;

process.exitCode = await main(process.argv.slice(2));

async function main([name, ...rest]: string[]): Promise<number> {
  if (name === undefined || name === '--help') {
    process.stdout.write(usage);
    return 0;
  }
  const entry = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (entry === undefined) {
    process.stderr.write(`bench: no bench is called ${name}\n${usage}`);
    return 2;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupted.abort());
  try {
    const { values } = parseArgs({ args: rest, options: { ...shared, ...entry.options } });
    const bench = await entry.load();
    const { text, failed } = await bench.run({
      name,
      summary: entry.summary,
      command: ['npm run bench --', name, ...rest.filter((argument) => argument !== '--markdown')].join(' '),
      runs: wholeNumber('--runs', values.runs, 20),
      markdown: values.markdown === true,
      values,
      signal: interrupted.signal,
    });
    process.stdout.write(text);
    return failed ? 1 : 0;
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    return interrupted.signal.aborted ? 130 : 2;
  }
}

function optionList(options: ParseArgsOptionsConfig = {}): string {
  return Object.entries(options)
    .map(([option, { type }]) => ` [--${option}${type === 'boolean' ? '' : ' N'}]`)
    .join('');
}
