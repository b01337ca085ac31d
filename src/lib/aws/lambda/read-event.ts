import { nearest } from '../../errors/nearest.ts';
import { UserError } from '../../errors/user-error.ts';
import { quoted } from '../../text/quoted.ts';

/** What one event asks for. */
export interface LambdaRequest {
  /** The command line, its command first. */
  argv: readonly [string, ...string[]];
  /** When the event was due, ISO 8601; undefined where it does not say. */
  scheduledAt?: string;
}

/** Where a function finds its words when the event cannot carry them. */
export const argvVariable = 'DEVOPS_ARGV';

const ownKeys = ['argv', 'scheduledAt'];
/** https://docs.aws.amazon.com/eventbridge/latest/ref/overview-event-structure.html */
const classicKeys = ['version', 'id', 'detail-type', 'source', 'account', 'time', 'region', 'resources', 'detail'];
const mostWords = 1000;
const mostCharacters = 65_536;

/**
 * The command line of an event: `{ argv, scheduledAt }`, as EventBridge Scheduler sends what its target says, or the
 * `Scheduled Event` of an EventBridge rule, with the words in the environment variable DEVOPS_ARGV as a JSON array.
 *
 * Throws a UserError that names the key for anything else: an event that is only half understood stops the wrong machines.
 */
export function readEvent(
  event: unknown,
  env: Readonly<Record<string, string | undefined>>,
  commands: readonly string[],
): LambdaRequest {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw wrong(`the event is no JSON object but ${describe(event)}`);
  }
  const fields = event as Readonly<Record<string, unknown>>;
  const request = 'detail-type' in fields ? readClassic(fields, env) : readOwn(fields);
  const [name] = request.argv;
  if (commands.includes(name)) return request;
  const near = nearest(name, commands);
  throw new UserError(`argv: ${quoted(name)} is no command of this function`, {
    code: 'usage',
    hints: [near === undefined ? `write one of: ${commands.join(', ')}` : `did you mean '${near}'?`],
  });
}

function readOwn(fields: Readonly<Record<string, unknown>>): LambdaRequest {
  refuseUnknown(fields, ownKeys);
  if (fields['argv'] === undefined) throw wrong("the event has no key 'argv'");
  return { argv: words(fields['argv'], 'argv'), ...scheduled(fields['scheduledAt'], 'scheduledAt') };
}

function readClassic(
  fields: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): LambdaRequest {
  refuseUnknown(fields, classicKeys);
  const type = fields['detail-type'];
  if (type !== 'Scheduled Event') {
    throw wrong(`detail-type: an event of a schedule is a 'Scheduled Event', not ${describe(type)}`);
  }
  const text = env[argvVariable];
  if (text === undefined || text === '') {
    throw new UserError(`a Scheduled Event carries no words, and the environment variable ${argvVariable} is not set`, {
      code: 'config',
      hints: [`set ${argvVariable} to a JSON array, such as ["stop-instances","--tag","env=dev","--off","weekend"]`],
    });
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${argvVariable} is no JSON: ${(error as Error).message}`, {
      code: 'config',
      hints: ['write a JSON array of strings'],
      cause: error,
    });
  }
  return { argv: words(parsed, argvVariable), ...scheduled(fields['time'], 'time') };
}

function refuseUnknown(fields: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const unknown = Object.keys(fields).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const near = nearest(unknown, known);
  throw wrong(
    `the event has the unknown key ${quoted(unknown)}`,
    near === undefined ? `known are: ${known.join(', ')}` : `did you mean '${near}'?`,
  );
}

function words(value: unknown, key: string): [string, ...string[]] {
  if (!Array.isArray(value)) throw wrong(`${key} is no array of strings but ${describe(value)}`);
  const [first, ...rest] = value as readonly unknown[];
  if (typeof first !== 'string') throw wrong(`${key} has to begin with a command, not with ${describe(first)}`);
  if (value.length > mostWords) throw wrong(`${key} has ${value.length} words, more than ${mostWords}`);
  const typed = rest.map((word, at) => {
    if (typeof word === 'string') return word;
    throw wrong(`${key}[${at + 1}] is no string but ${describe(word)}`);
  });
  const length = typed.reduce((sum, word) => sum + word.length, first.length);
  if (length > mostCharacters) throw wrong(`${key} has ${length} characters, more than ${mostCharacters}`);
  return [first, ...typed];
}

function scheduled(value: unknown, key: string): { scheduledAt?: string } {
  if (value === undefined) return {};
  if (typeof value !== 'string') throw wrong(`${key} is no time but ${describe(value)}`);
  if (value === '<aws.scheduler.scheduled-time>') {
    throw wrong(`${key} was not filled in`, 'only EventBridge Scheduler knows <aws.scheduler.scheduled-time>');
  }
  return { scheduledAt: value };
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return quoted(value);
  return typeof value === 'object' ? 'an object' : quoted(JSON.stringify(value) ?? typeof value);
}

function wrong(message: string, hint?: string): UserError {
  return new UserError(message, {
    code: 'usage',
    hints: [hint ?? 'send {"argv": ["stop-instances", ...], "scheduledAt": "2026-11-20T19:00:00Z"}'],
  });
}
