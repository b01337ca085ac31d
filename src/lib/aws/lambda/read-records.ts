/** What a function answers about its run. */
export interface LambdaAnswer {
  /** 0: done, or nothing to do. 1: the answer is no, such as a selector that matched nothing. */
  exitCode: number;
  /** The records of the command; absent when another --output was asked for. */
  records?: readonly unknown[];
  /** What it wrote instead. */
  stdout?: string;
  /** Warnings and hints. */
  stderr: string;
  /** Bytes of the output that did not fit into the answer; the log has them. */
  leftOut?: number;
}

/** The records of lines of JSON; a last line that was cut is left out. Undefined when these are no such lines. */
export function readRecords(text: string, isCut: boolean): readonly unknown[] | undefined {
  const lines = text.split('\n');
  const last = lines.pop();
  if (!isCut && last !== '') return undefined;
  try {
    return lines.map((line) => JSON.parse(line) as unknown);
  } catch {
    return undefined;
  }
}

const mostTold = 5;
const mostCharacters = 4000;

/** Why a run failed, for the one line that Lambda shows: the failure of the whole, else those of its items. */
export function failureMessage(stderr: string, records: readonly unknown[]): string {
  const told = [...stderr.split('\n').map(failureOfLine), ...records.map(failureOfItem)].filter(
    (text): text is string => text !== undefined,
  );
  const more = told.length > mostTold ? [`and ${told.length - mostTold} more in the log`] : [];
  return [...told.slice(0, mostTold), ...more].join('; ').slice(0, mostCharacters);
}

function failureOfLine(line: string): string | undefined {
  if (!line.startsWith('{"error"')) return /^devops: error: (.*)$/.exec(line)?.[1];
  try {
    return messageOf((JSON.parse(line) as { error: unknown }).error);
  } catch {
    return undefined;
  }
}

function failureOfItem(record: unknown): string | undefined {
  if (typeof record !== 'object' || record === null || !('error' in record) || !('subject' in record)) return undefined;
  const message = messageOf(record.error);
  return message === undefined ? undefined : `${String(record.subject)}: ${message}`;
}

function messageOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('message' in error)) return undefined;
  return typeof error.message === 'string' ? error.message : undefined;
}
