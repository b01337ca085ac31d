import type { Twin } from '../../../../support/aws-twin/aws-twin.ts';
import { type TestRuntime, testRuntime } from '../../../../support/test-runtime.ts';
import { main } from '../../../../../src/main.ts';
import type { PowerRecord } from '../../../../commands/run-power.ts';

/** One run of a command in a story, and what befalls it. */
export interface StoryRun {
  name: string;
  verb: 'stop' | 'start';
  /** Unix time of its begin. */
  began: number;
  calls: number;
  /** It is killed when it makes one request more than these. */
  killAfter: number;
  isDead: boolean;
  /** Something was done to it, or at the same time. */
  isTroubled: boolean;
  /** Done by somebody else just before its request of that number. */
  meanwhile: Map<number, () => Promise<unknown> | void>;
  died: () => void;
}

export interface StoryResult {
  run: StoryRun;
  /** undefined: it was killed. */
  code: number | undefined;
  records: readonly PowerRecord[];
  stderr: string;
  /** Unix time. */
  ended: number;
}

/** What has happened, for people. */
export interface Trace {
  lines: string[];
  say(line: string): void;
}

export function openTrace(twin: Twin): Trace {
  const lines: string[] = [];
  return { lines, say: (line) => void lines.push(`${twin.clock.now().toISOString().slice(5, 19)} ${line}`) };
}

/** Virtual seconds that one run may take: --wait-timeout, and the patience with throttles around it. */
const longestRun = 3600;
const realSeconds = 60;

/** All the runs of one twin, each known by the user agent of its requests. */
export function openRuns(twin: Twin, trace: Trace) {
  const runs = new Map<string, StoryRun>();
  const { clock } = twin;
  const unixTime = () => clock.now().getTime() / 1000;
  const runOf = ({ userAgent }: { userAgent: string }) => runs.get(/ app\/(r\d+)/.exec(userAgent)?.[1] ?? '');
  /** Faults of a run never hit another; those of the dead hold for ever: nothing that they try reaches anybody. */
  const calmDown = () => {
    twin.forgetFaults();
    twin.fault({ when: (call) => runOf(call)?.isDead === true, times: Infinity, optional: true, effect: 'reset' });
  };
  calmDown();
  twin.onCall(async (call, moment) => {
    if (moment === 'after') return;
    const run = runOf(call);
    if (run === undefined) throw new Error(`a request of nobody: ${call.userAgent}`);
    if (run.isDead) return;
    run.calls += 1;
    if (run.calls > run.killAfter) {
      run.isDead = true;
      trace.say(`${run.name} is killed before ${call.operation}`);
      run.died();
      return;
    }
    await run.meanwhile.get(run.calls)?.();
  });

  function begin(verb: StoryRun['verb']): StoryRun {
    const run: StoryRun = {
      name: `r${runs.size + 1}`,
      verb,
      began: unixTime(),
      calls: 0,
      killAfter: Infinity,
      isDead: false,
      isTroubled: false,
      meanwhile: new Map(),
      died: () => undefined,
    };
    runs.set(run.name, run);
    return run;
  }

  async function live(run: StoryRun, words: readonly string[]): Promise<StoryResult> {
    const died = new Promise<'killed'>((resolve) => (run.died = () => resolve('killed')));
    // Whoever is dead waits for ever, and so does nothing more.
    const pause: typeof clock.pause = (seconds, signal) =>
      run.isDead ? new Promise(() => undefined) : clock.pause(seconds, signal);
    const test = testRuntime({
      env: { ...twin.env, TZ: 'UTC', AWS_SDK_UA_APP_ID: run.name },
      now: clock.now,
      monotonic: clock.monotonic,
      pause,
    });
    const line = [`${run.verb}-instances`, ...words, '-o', 'json'];
    trace.say(`${run.name} ${line.join(' ')}`);
    const code = await Promise.race([main(line, test.runtime), died, tooLong(run)]);
    const ended = unixTime();
    if (code === 'killed') {
      // What it had sent already arrives.
      await new Promise((resolve) => setTimeout(resolve, 5));
      return { run, code: undefined, records: [], stderr: '', ended };
    }
    const records = recordsOf(test);
    const told = records.map(({ id, subject, state, error, code: why }) =>
      [id ?? subject, state ?? `error ${error?.code}`, why].filter((word) => word !== undefined).join(' '),
    );
    trace.say(`${run.name} ends with ${code}: ${told.join('; ')} ${test.stderr().trim().split('\n')[0] ?? ''}`);
    if (ended - run.began > longestRun) throw new Error(`${run.name} took ${Math.round(ended - run.began)} s`);
    return { run, code, records, stderr: test.stderr(), ended };
  }

  return { begin, live, runOf, calmDown, runs };
}

function recordsOf(test: TestRuntime): readonly PowerRecord[] {
  const text = test.stdout();
  return text === '' ? [] : (JSON.parse(text) as PowerRecord[]);
}

async function tooLong(run: StoryRun): Promise<never> {
  return new Promise((_, reject) => {
    const late = () => reject(new Error(`${run.name} does not end`));
    setTimeout(late, realSeconds * 1000).unref();
  });
}
