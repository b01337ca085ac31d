import { createCutOff } from './cut-off.ts';
import type { CutOffReason, ProgramEnd } from './program-result.ts';
import { startPipeline } from './start-pipeline.ts';
import type { PipedProgram, PipelineMember, StartedPipeline } from './start-pipeline.ts';

export interface PipelineOptions {
  /** Each one's standard output is the standard input of the next. */
  programs: readonly [PipedProgram, ...PipedProgram[]];
  /** An open descriptor that the first one reads; absent means /dev/null. */
  stdin?: number | undefined;
  /** Ends all of them. */
  signal: AbortSignal;
  /** Absent means no deadline; 0 or less is over at once. */
  timeoutSeconds?: number | undefined;
  /** Time between TERM and KILL. Default 1. */
  graceSeconds?: number | undefined;
  /** How long we wait for what KILL does not end. Default 0.5. */
  abandonSeconds?: number | undefined;
}

/** What became of a pipeline. */
export interface PipelineEnd {
  /** In the order of the programs. One that did not run because another could not be started is `aborted`. */
  programs: PipedEnd[];
  /** Each one exited with 0. Only then is what came out whole. */
  isWhole: boolean;
  /**
   * Index of the one that failed first, which is what the others suffered from. A broken pipe alone is no failure: then
   * all others exited with 0, and one had enough before the end, as `head` does.
   */
  failed: number | undefined;
}

export interface PipedEnd {
  end: ProgramEnd;
  /** SIGPIPE ended it: whoever reads from it was gone. */
  isBrokenPipe: boolean;
  /** The first and the last 4 KiB of what it said. */
  stderr: string;
}

/** How long a process that outlived the last program may keep its stdout open without a word. */
const pipeSeconds = 0.5;

/**
 * Runs programs joined by pipes, the last one writing to an open descriptor of ours. No byte passes through us. Never
 * rejects for what they do; throws UserError when no pipe can be had. Each has a session and group of its own; at the deadline or abort all groups get TERM,
 * `graceSeconds` later KILL. One that fails ends the others as in a shell: by the end of their input, or by SIGPIPE.
 */
export async function pipePrograms(options: PipelineOptions & { stdout: number }): Promise<PipelineEnd> {
  const cutOff = createCutOff(options.timeoutSeconds, options.signal);
  try {
    if (hasNoTime(options)) return neverRun(options, await cutOff.reason);
    const pipeline = await startPipeline(options.programs, options.stdin ?? 'ignore', options.stdout);
    if ('index' in pipeline) return notStarted(options, pipeline.index, pipeline.end);
    return await finish(pipeline, cutOff.reason, options);
  } finally {
    cutOff.release();
  }
}

/**
 * The same with the last one's standard output as a stream: only its bytes pass through us, and it waits while nobody
 * asks for more. The value returned in the end tells how all of them ended: what was yielded is whole only if they say
 * so. Whoever returns early ends all of them.
 */
export async function* streamPrograms(options: PipelineOptions): AsyncGenerator<Buffer, PipelineEnd, void> {
  const cutOff = createCutOff(options.timeoutSeconds, options.signal);
  let pipeline: StartedPipeline | undefined;
  try {
    if (hasNoTime(options)) return neverRun(options, await cutOff.reason);
    const started = await startPipeline(options.programs, options.stdin ?? 'ignore', 'pipe');
    if ('index' in started) return notStarted(options, started.index, started.end);
    pipeline = started;
    // At once, also while our reader is busy and asks for nothing.
    void cutOff.reason.then((reason) => stopAll(started.members, reason, options));
    yield* chunksOf(started, cutOff.reason);
    return await finish(started, cutOff.reason, options);
  } finally {
    // Nobody is left after a regular end: this is for the reader who has enough.
    if (pipeline !== undefined) await stopAll(pipeline.members, 'aborted', options);
    for (const member of pipeline?.members ?? []) member.release();
    cutOff.release();
  }
}

/** Until the output ends, time is over, or whoever still holds it says nothing after the last program is gone. */
async function* chunksOf({ members, output }: StartedPipeline, cutOff: Promise<CutOffReason>): AsyncGenerator<Buffer> {
  const stdout = output!;
  const last = members.at(-1)!;
  const state = { isEnded: false, isCutOff: false };
  let wake = (): void => {};
  const end = (): void => {
    state.isEnded = true;
    wake();
  };
  for (const event of ['end', 'error', 'close']) stdout.on(event, end);
  stdout.on('readable', () => wake());
  void last.exited.then(() => wake());
  void cutOff.then(() => {
    state.isCutOff = true;
    wake();
  });
  while (!state.isCutOff) {
    const chunk = stdout.read() as Buffer | null;
    if (chunk !== null) {
      yield chunk;
      continue;
    }
    if (state.isEnded) return;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    wake = () => resolve(true);
    const timer = last.end() === undefined ? undefined : setTimeout(resolve, pipeSeconds * 1000, false);
    const hasNews = await promise;
    clearTimeout(timer);
    if (!hasNews) return;
  }
}

async function finish(
  { members, order }: StartedPipeline,
  cutOff: Promise<CutOffReason>,
  options: PipelineOptions,
): Promise<PipelineEnd> {
  const first = await Promise.race([Promise.all(members.map((member) => member.exited)), cutOff]);
  if (typeof first === 'string') await stopAll(members, first, options);
  const ends = members.map(async (member) => pipedEnd(member.end() ?? { kind: 'aborted' }, await member.stderr()));
  const programs = await Promise.all(ends);
  for (const member of members) member.release();
  return judge(programs, [...order, ...members.keys()]);
}

async function stopAll(
  members: readonly PipelineMember[],
  reason: CutOffReason,
  { graceSeconds = 1, abandonSeconds = 0.5 }: PipelineOptions,
): Promise<void> {
  await Promise.all(members.map((member) => member.stop(reason, { graceSeconds, abandonSeconds })));
}

function hasNoTime({ signal, timeoutSeconds }: PipelineOptions): boolean {
  return signal.aborted || (timeoutSeconds !== undefined && timeoutSeconds <= 0);
}

function neverRun({ programs }: PipelineOptions, reason: CutOffReason): PipelineEnd {
  return { programs: programs.map(() => pipedEnd({ kind: reason }, '')), isWhole: false, failed: 0 };
}

function notStarted({ programs }: PipelineOptions, index: number, end: ProgramEnd): PipelineEnd {
  const ends = programs.map((_, each) => pipedEnd(each === index ? end : { kind: 'aborted' }, ''));
  return { programs: ends, isWhole: false, failed: index };
}

function pipedEnd(end: ProgramEnd, stderr: string): PipedEnd {
  return { end, isBrokenPipe: end.kind === 'signalled' && end.signal === 'SIGPIPE', stderr };
}

/** `order` are the indexes as they ended; those that were cut off come after them. */
function judge(programs: PipedEnd[], order: readonly number[]): PipelineEnd {
  const isGood = ({ end }: PipedEnd): boolean => end.kind === 'exited' && end.code === 0;
  const failures = order.filter((index) => !isGood(programs[index]!) && !programs[index]!.isBrokenPipe);
  // Two that exit at once are told in any order, but who complains of a broken pipe is not the one that broke it.
  const causes = failures.filter((index) => !/broken pipe|\bEPIPE\b/i.test(programs[index]!.stderr));
  const failed = causes[0] ?? failures[0];
  return { programs, isWhole: programs.every(isGood), failed };
}
