import { defineCommand, type Outcome, type Spec } from '../command.ts';
import type { Context } from '../context.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { ruleVerdicts } from '../lib/logs/alert/rule-verdicts.ts';
import type { LogFailure, LogRecord } from '../lib/logs/log-records.ts';
import type { LogsGrepSettings } from '../lib/logs/query/open-query.ts';
import type { QueryHost } from '../lib/logs/query/query-host.ts';
import type { QueryProblem } from '../lib/logs/query/start-query.ts';
import { judges, kindOf, type LogsGrepOptions } from '../lib/logs/request/grep-options.ts';
import { parseDuration } from '../lib/quantity/duration.ts';
import { wholeNumber } from '../lib/quantity/whole-number.ts';
import { stateDirectory } from '../lib/state/directories.ts';
import { printable } from '../lib/text/printable.ts';
import { compareRecords, logColumns, viewBelow } from '../views/logs-grep.ts';

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];
const colors = ['always', 'auto', 'never'] as const;
const engines = ['auto', 'ripgrep', 'devops'] as const;

export default defineCommand({
  description: [
    'Search logs as grep does, and by what makes a log one: a window of time without reading the whole file, levels, fields, alert rules with thresholds, and only what is new since the last run.',
    'A FILE is a file, a directory, which is searched whole, a quoted glob, or - for standard input; compressed ones (gzip, zstd, bzip2, xz) are known by their content. The flags of grep mean what they mean there; the formats of the output are --output and --json.',
    'Exits as grep does: 0 found, 1 not found, 2 when something could not be read. With --alert, --threshold, --rules, --report or an output made of verdicts it is an alert: 0 nothing fired, 1 fired, 2 incomplete.',
  ].join('\n\n'),
  examples: [
    { command: 'devops logs-grep -i timeout /var/log/app.log', what: 'as with grep' },
    { command: 'devops logs-grep --since 10m --level error /var/log/app.log', what: 'what went wrong just now' },
    { command: "devops logs-grep --around '14:30' OutOfMemory /var/log/app", what: 'five minutes to both sides' },
    {
      command: "devops logs-grep --where 'status>=500 && duration_ms>1000' api.json",
      what: 'by fields of JSON, logfmt and access logs',
    },
    {
      command: 'devops logs-grep --state web --alert --threshold 10/5m ERROR /var/log/app.log',
      what: 'from cron: only what is new, also across rotation',
    },
    { command: 'devops logs-grep --rules rules.yaml --since 1h --output nagios /var/log', what: 'many rules at once' },
    { command: 'devops logs-grep --top 10 --since today /var/log/app.log', what: 'what is noisy' },
  ],
  define: (spec: Spec): Spec<[string[]], LogsGrepOptions> =>
    spec
      .argument('[words...]', 'PATTERN, unless -e or another option says what to look for, and FILES')
      .option('-e, --regexp <pattern>', 'search for this pattern; may be repeated', collect, [])
      .option('-f, --file <file>', 'search for the patterns of this file, one a line; may be repeated', collect, [])
      .option('-F, --fixed-strings', 'patterns are plain text')
      .option('-E, --extended-regexp', 'accepted, changes nothing: every pattern is one')
      .option('-P, --perl-regexp', 'not supported: patterns are searched in linear time, see docs/logs-grep.md')
      .option('-i, --ignore-case', 'letters of either case match')
      .option('-v, --invert-match', 'lines that do not match')
      .option('-w, --word-regexp', 'match whole words')
      .option('-x, --line-regexp', 'match whole lines')
      .option('-c, --count', 'print how many lines were found in each file')
      .option('-l, --files-with-matches', 'print the names of files in which something was found')
      .option('-L, --files-without-match', 'print the names of files in which nothing was found')
      .option('-o, --only-matching', 'print what matches, not the whole line')
      .option('-n, --line-number', 'print the number of each line')
      .option('-m, --max-count <count>', 'stop after so many lines of a file', wholeNumber(0))
      .option('-A, --after-context <lines>', 'print so many lines behind each one', wholeNumber(0))
      .option('-B, --before-context <lines>', 'print so many lines before each one', wholeNumber(0))
      .option('-C, --context <lines>', 'print so many lines on both sides of each one', wholeNumber(0))
      .option('-a, --text', 'print lines of binary files, too')
      .option('-s, --no-messages', 'say nothing of files that cannot be read; the exit code still tells')
      .option('-H, --with-filename', 'print the name of the file before each line')
      .option('-I, --no-filename', 'never print names of files')
      .option('-r, --recursive', 'search the working directory when no FILE is given; directories are searched anyway')
      .option('-z, --decompress', 'accepted, changes nothing: compressed files are known by their content')
      .option('--include <glob>', 'of directories, search only files whose name fits; may be repeated', collect, [])
      .option('--exclude <glob>', 'leave out files and directories whose name fits; may be repeated', collect, [])
      .option('--color <when>', 'mark what matches: always, auto or never', oneOf(colors))
      .option('--since <time>', 'from this time on: 10m, today 14:00, 2026-11-20T14:00Z, 1763600000')
      .option('--until <time>', 'up to this time, itself not included')
      .option('--around <time>', 'within 5m of this time, see --within')
      .option('--within <duration>', 'how far --around reaches to both sides (default: 5m)', parseDuration)
      .option('--tz <zone>', 'time zone of times that name none, and of --since (default: that of the machine)')
      .option('--time-format <format>', 'iso, clf, syslog, rfc5424, klog, epoch, json, logfmt or as in strptime(3)')
      .option('--level <level>', 'this level and worse; =error that one alone, error,warning both, debug..info a range')
      .option(
        '--where <condition>',
        'fields of JSON, logfmt and access logs; may be repeated, all must hold',
        collect,
        [],
      )
      .option('--multiline', 'find and print whole events: a line with a time and those behind it without')
      .option('--event-start <pattern>', 'what the first line of an event looks like; implies --multiline')
      .option('--alert', 'judge what is found, without a PATTERN by the rules of devops.yaml')
      .option('--threshold <count/period>', 'fire only from so many lines on: 10 in all, or 10/5m')
      .option('--rules <file>', 'alert by the rules of this file')
      .option('--state <name>', 'only what is new since the last run with this name, also across rotation')
      .option('--from-start', 'the first run with --state begins with all there is')
      .option('--rotated', 'search rotated files, too: app.log.2.gz, app.log.1, app.log')
      .option('--follow', 'go on with what is written from now on, also across rotation')
      .option('--journal <unit>', "search the journal of this unit, '*' is every one; may be repeated", collect, [])
      .option('--top <count>', 'print the most frequent kinds of lines, this many', wholeNumber(1))
      .option('--histogram', 'print how many lines were found when')
      .option('--redact', 'mask passwords, tokens and mail addresses in the output')
      .option('--engine <engine>', 'what searches large plain files: auto, ripgrep or devops', oneOf(engines), 'auto'),
  complete: { '--color': () => colors, '--engine': () => engines },
  shape: 'many',
  endless: (options) => (options.follow === true ? 'stream' : false),

  async raw(ctx, options, words): Promise<Outcome<LogRecord> | undefined> {
    const isTable = options.top !== undefined || options.histogram === true;
    if (isTable || (judges(options, ctx.judging) && judgesByRules(options, words))) return undefined;
    const { query, host } = await open(ctx, options, words, false);
    if (query.rules.length > 0 && !query.countsAll) return undefined;
    const { grepLogs } = await import('../lib/logs/query/grep-query.ts');
    const { stdout } = ctx;
    const output = {
      write: (piece: Buffer) => stdout.write(piece),
      flush: () => stdout.flush(),
      descriptor: stdout.fd,
    };
    const judged = query.rules.length > 0;
    const onProblem = (problem: QueryProblem) => {
      if (options.messages && !judged) tellProblem(ctx, problem);
    };
    const { found, problems, results, settle } = await grepLogs(query, host, output, onProblem);
    if (judged) return { results: [...results, ...problems.map(failureRecord)], afterOutput: settle };
    return { exitCode: grepExitCode(found, problems), afterOutput: settle };
  },

  async *run(ctx, options, words): AsyncGenerator<LogRecord, Outcome> {
    const { query, host } = await open(ctx, options, words, true);
    const { recordLogs } = await import('../lib/logs/query/record-query.ts');
    const columns = Math.min(60, Math.max(10, ctx.terminal.columns - 40));
    const isGrep = query.kind === 'line' || query.kind === 'count';
    const isQuiet = ctx.quiet && isGrep;
    const records = recordLogs(query, host, { isQuiet, columns });
    try {
      for (;;) {
        const next = await records.next();
        if (next.done === true) {
          const { found, problems, notes, settle } = next.value;
          for (const note of notes) host.note(note);
          if (query.kind === 'rule') return { afterOutput: settle };
          return { exitCode: grepExitCode(found, isQuiet && found ? [] : problems), afterOutput: settle };
        }
        const record = next.value;
        if (!('problem' in record)) yield record;
        else if (options.messages || !isQuiet) yield failureRecord(record);
      }
    } finally {
      await records.return({ found: false, problems: [], notes: [], settle() {} });
    }
  },

  columns: (options, judging) => logColumns(kindOf(options, judging)),
  sort: compareRecords,
  below: viewBelow,
  verdicts: (record: LogRecord) => (record.kind === 'rule' ? ruleVerdicts(record) : []),
  loadMetrics: async () => {
    const { ruleMetrics } = await import('../lib/logs/alert/rule-metrics.ts');
    return (record: LogRecord) => (record.kind === 'rule' ? ruleMetrics(record) : []);
  },
});

/** Whether rules are named, or will be those of devops.yaml: then lines are not what is printed. */
function judgesByRules({ rules, regexp, file, level, where }: LogsGrepOptions, words: readonly string[]): boolean {
  if (rules !== undefined) return true;
  return words.length === 0 && regexp.length + file.length + where.length === 0 && level === undefined;
}

async function open(ctx: Context, options: LogsGrepOptions, words: readonly string[], asRecords: boolean) {
  const { openQuery } = await import('../lib/logs/query/open-query.ts');
  const { env, userId, signal } = ctx;
  const host: QueryHost = {
    env,
    signal,
    userId,
    processId: ctx.processId,
    stdinFile: ctx.stdinFile,
    now: () => ctx.now(),
    monotonic: () => ctx.monotonic(),
    cwd: () => ctx.cwd(),
    stdin: () => ctx.stdin(),
    stateDirectory: () =>
      stateDirectory({
        env,
        uid: userId,
        // passwd is read only for those who need it.
        get homeDirectory() {
          return ctx.homeDirectory();
        },
      }),
    note(text) {
      ctx.progress.clear();
      void ctx.stderr.write(`devops: ${printable(text)}\n`);
    },
  };
  const color = options.color === 'always' || (options.color !== 'never' && ctx.terminal.color);
  const query = await openQuery(
    {
      words,
      options,
      judging: ctx.judging,
      asRecords,
      color,
      settings: () => settingsOf(ctx),
    },
    host,
  );
  return { query, host };
}

async function settingsOf(ctx: Context): Promise<LogsGrepSettings> {
  const settings = (await ctx.config()).config['logs-grep'];
  if (settings === undefined) return {};
  const { logRuleOf } = await import('../lib/logs/alert/log-rule-of.ts');
  return {
    rules: settings.rules?.map(logRuleOf),
    files: settings.files,
    timeFormat: settings.time_format,
    tz: settings.tz,
  };
}

/** Of grep(1), whose answer it is. */
function grepExitCode(found: boolean, problems: readonly QueryProblem[]): number {
  if (problems.length > 0) return 2;
  return found ? 0 : 1;
}

function failureRecord({ subject, problem }: QueryProblem): LogFailure {
  // The name stands before it wherever it is shown.
  const message = problem.message.replace(`cannot read ${subject}: `, '').replace(`${subject}: `, '');
  return { schema: 'devops.logs-grep/1', kind: 'failure', subject, error: { ...problem, message } };
}

function tellProblem(ctx: Context, { problem: { message, hint } }: QueryProblem): void {
  ctx.progress.clear();
  const more = hint === undefined ? '' : `devops: hint: ${printable(hint)}\n`;
  void ctx.stderr.write(`devops: error: ${printable(message)}\n${more}`);
}

function oneOf<Value extends string>(values: readonly Value[]): (text: string) => Value {
  return (text) => {
    const value = values.find((known) => known === text);
    if (value !== undefined) return value;
    throw new UserError(`'${text}' is not one of ${values.join(', ')}`, { code: 'usage' });
  };
}
