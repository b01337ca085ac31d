import { UserError } from './lib/errors/user-error.ts';
import { parseDuration } from './lib/quantity/duration.ts';
import type { JobFlags, SharedValues } from './shared-options.ts';

/** Takes the shared options, which are stored under their long names, out of all that was parsed, and checks them. */
export function readSharedValues(all: Readonly<Record<string, unknown>>): {
  shared: SharedValues;
  own: Record<string, unknown>;
} {
  const own = Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith('--')));
  const text = (name: string) => all[name] as string | undefined;
  const shared: SharedValues = {
    output: all['--json'] === true ? 'json' : (text('--output') ?? 'text'),
    reports: ((all['--report'] ?? []) as readonly string[]).map(parseReport),
    quiet: all['--quiet'] === true,
    verbose: all['--verbose'] === true,
    logFormat: oneOf('--log-format', text('--log-format') ?? 'text', ['text', 'json']),
    noColor: all['--no-color'] === false,
    failOn: oneOf('--fail-on', text('--fail-on') ?? 'warning', ['warning', 'critical']),
    noInput: all['--no-input'] === false,
    dryRun: all['--dry-run'] === true,
    yes: all['--yes'] === true,
  };
  if (all['--json'] === true && text('--output') !== undefined && text('--output') !== 'json') {
    throw new UserError(`--json and --output ${text('--output')} contradict each other`, { code: 'usage' });
  }
  const job = readJobFlags(text, (all['--notify'] ?? []) as readonly string[]);
  const config = text('--config');
  const timeout = text('--timeout');
  return {
    shared: {
      ...shared,
      ...(job === undefined ? {} : { job }),
      ...(config === undefined ? {} : { config }),
      ...(timeout === undefined ? {} : { timeoutSeconds: positiveDuration('--timeout', timeout) }),
    },
    own,
  };
}

/** They are read by the job itself, which knows what they mean. */
function readJobFlags(text: (name: string) => string | undefined, notify: readonly string[]): JobFlags | undefined {
  const typed = {
    lock: text('--lock'),
    retry: text('--retry'),
    backoff: text('--backoff'),
    killAfter: text('--kill-after'),
  };
  const given = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== undefined));
  return notify.length === 0 && Object.keys(given).length === 0 ? undefined : { notify, ...given };
}

function parseReport(text: string): { format: string; file: string } {
  const equals = text.indexOf('=');
  if (equals < 1 || equals === text.length - 1) {
    throw new UserError(`option '--report': '${text}' is not FORMAT=FILE`, {
      code: 'usage',
      hints: ['for example --report junit=report.xml'],
    });
  }
  return { format: text.slice(0, equals), file: text.slice(equals + 1) };
}

function positiveDuration(option: string, text: string): number {
  try {
    const seconds = parseDuration(text);
    if (seconds > 0) return seconds;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`option '${option}': ${error.message}`, { code: 'usage', hints: error.hints });
  }
  throw new UserError(`option '${option}' needs more than ${text}`, { code: 'usage' });
}

function oneOf<Value extends string>(option: string, text: string, values: readonly Value[]): Value {
  const found = values.find((value) => value === text);
  if (found !== undefined) return found;
  throw new UserError(`option '${option}': '${text}' is not one of ${values.join(', ')}`, { code: 'usage' });
}
