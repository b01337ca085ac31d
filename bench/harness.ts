import { checkoutNode, devops, ensureBuilt, plainEnvironment } from './checkout.ts';
import { describeMachine } from './machine.ts';
import { findProgram, gnuTime, versionLine } from './programs.ts';
import { markdownReport, textReport } from './report.ts';
import { measureRounds, type CommandRow, type Row } from './rounds.ts';

/** What somebody asked for on the command line. */
export interface BenchRequest {
  name: string;
  summary: string;
  /** The line that repeats it. */
  command: string;
  runs: number;
  /** Whether to print a section of docs/benchmarks.md instead of text for a terminal. */
  markdown: boolean;
  /** Options of the bench itself, as util.parseArgs gives them. */
  values: Readonly<Record<string, unknown>>;
  signal: AbortSignal;
}

export interface BenchResult {
  text: string;
  /** Whether a command did not end with its expected exit code. */
  failed: boolean;
}

/** Each file of a bench exports this. */
export interface BenchModule {
  run(request: BenchRequest): Promise<BenchResult>;
}

/** The environment of every measured command. */
export const environment = plainEnvironment(process.env);

/** Measures `rows` in interleaved rounds, the first one as baseline, and writes the report. */
export async function sideBySide(
  request: BenchRequest,
  recipe: string,
  rows: readonly Row[],
  more: NodeJS.ProcessEnv = {},
): Promise<BenchResult> {
  const { name, summary, command, runs, signal } = request;
  const onRound = (round: number) => {
    if (process.stderr.isTTY) process.stderr.write(`\rround ${round} of ${runs}${round === runs ? '\n' : ''}`);
  };
  const machine = describeMachine();
  const measured = await measureRounds(rows, {
    runs,
    env: { ...environment, ...more },
    gnuTime: gnuTime(environment),
    signal,
    onRound,
  });
  const date = new Date().toISOString().slice(0, 10);
  const report = { name, summary, command, runs, date, machine, recipe, measured };
  return {
    text: request.markdown ? markdownReport(report) : textReport(report),
    failed: measured.some((row) => 'failed' in row),
  };
}

/** The built devops, started by the pinned node directly. */
export function devopsRow(args: readonly string[], goal?: CommandRow['goal']): CommandRow {
  ensureBuilt();
  const start = [checkoutNode(), devops];
  const version = versionLine([...start, '--version'], environment);
  return { name: `devops ${args.join(' ')}`, argv: [...start, ...args], version, ...(goal && { goal }) };
}

export interface Peer {
  program: string;
  args: readonly string[];
  versionArgs?: readonly string[];
  /** How to install it. */
  install: string;
  goal?: CommandRow['goal'];
}

/** A program of others when it is installed, else the row that says how to install it. */
export function peerRow({ program, args, versionArgs = ['--version'], install, goal }: Peer): Row {
  const name = `${program} ${args.join(' ')}`;
  const path = findProgram(program, environment);
  if (path === undefined) return { name, missing: install };
  const version = versionLine([path, ...versionArgs], environment);
  return { name, argv: [path, ...args], version, ...(goal && { goal }) };
}
