import { main } from '../../src/main.ts';
import type { FailedAction } from '../../src/lib/aws/power/failed-action.ts';
import type { PowerAction } from '../../src/lib/aws/power/power-action.ts';
import type { Twin } from '../support/aws-twin/aws-twin.ts';
import { testRuntime, type TestRuntimeOptions } from '../support/test-runtime.ts';

export type PowerRecord = Partial<PowerAction> & Partial<Pick<FailedAction, 'subject' | 'error'>>;

export interface PowerRunResult {
  code: number;
  stdout: string;
  stderr: string;
  records: readonly PowerRecord[];
  /** `state`, or `error` and its code, by id. */
  outcome: Record<string, string>;
}

/** One command line against a twin, on the twin's clock. `line` is split at spaces; an array is taken as it is. */
export async function runPower(
  twin: Twin,
  line: string | readonly string[],
  options: TestRuntimeOptions & { text?: boolean; onStart?: (test: ReturnType<typeof testRuntime>) => void } = {},
): Promise<PowerRunResult> {
  const { clock } = twin;
  const { text = false, onStart, ...rest } = options;
  const test = testRuntime({
    env: { ...twin.env, TZ: 'UTC' },
    now: clock.now,
    monotonic: clock.monotonic,
    pause: clock.pause,
    ...rest,
  });
  onStart?.(test);
  const words = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
  const code = await main(text ? words : [...words, '-o', 'json'], test.runtime);
  const stdout = test.stdout();
  const records = text || stdout === '' ? [] : (JSON.parse(stdout) as PowerRecord[]);
  const outcome = Object.fromEntries(
    records.map(({ id, subject, state, error, code: why }) => [
      id ?? subject ?? '',
      error === undefined ? [state, why].filter((word) => word !== undefined).join(': ') : `error: ${error.code}`,
    ]),
  );
  return { code, stdout, stderr: test.stderr(), records, outcome };
}

/** The calls of a twin that change something, by their names, in order. */
export function changingCalls(twin: Twin): string[] {
  return twin.calls.map(({ operation }) => operation).filter((name) => !/^(?:Describe|Get)/.test(name));
}
