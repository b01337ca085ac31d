import type { AnyCommand } from '../command.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { nearest } from '../lib/errors/nearest.ts';
import type { SharedValues } from '../shared-options.ts';
import type { Renderer, RenderSetup } from './renderer.ts';

interface Format {
  /** Whether a command has the part of the contract that this format is made of. */
  serves(command: AnyCommand): boolean;
  /** Made of judgements: a run without any would be a wrong "fine" in it. */
  judges?: true;
  /** Whether the metrics of the records are part of it. */
  showsMetrics?: true;
  load(command: AnyCommand): Promise<{ createRenderer(setup: RenderSetup): Renderer }>;
}

/** In the order in which help lists them. */
const formats: Readonly<Record<string, Format>> = {
  text: {
    serves: () => true,
    load: (command) => (command.text === undefined ? import('./table.ts') : import('./text.ts')),
  },
  json: { serves: () => true, load: () => import('./json.ts') },
  jsonl: { serves: () => true, load: () => import('./jsonl.ts') },
  yaml: { serves: () => true, load: () => import('./yaml.ts') },
  csv: { serves: (command) => command.columns !== undefined, load: () => import('./csv.ts') },
  junit: { serves: (command) => command.verdicts !== undefined, judges: true, load: () => import('./junit.ts') },
  github: { serves: (command) => command.verdicts !== undefined, judges: true, load: () => import('./github.ts') },
  markdown: { serves: (command) => command.verdicts !== undefined, judges: true, load: () => import('./markdown.ts') },
  nagios: {
    serves: (command) => command.verdicts !== undefined,
    judges: true,
    showsMetrics: true,
    load: () => import('./nagios.ts'),
  },
  prometheus: {
    serves: (command) => command.loadMetrics !== undefined,
    showsMetrics: true,
    load: () => import('./prometheus.ts'),
  },
};

/** Formats made of judgements. */
export const verdictFormats: ReadonlySet<string> = namesOf(({ judges }) => judges === true);

const watchedFormats = namesOf(({ judges, showsMetrics }) => judges === true || showsMetrics === true);

function namesOf(isWanted: (format: Format) => boolean): Set<string> {
  return new Set(Object.keys(formats).filter((name) => isWanted(formats[name]!)));
}

/** Whether the run is judged by its verdicts: it leaves a report, or prints for those who watch over machines. */
export function isJudged({ output, reports }: Pick<SharedValues, 'output' | 'reports'>): boolean {
  return reports.length > 0 || watchedFormats.has(output);
}

/** The formats that this command serves, its own ones last. */
export function formatsOf(command: AnyCommand): string[] {
  const shared = Object.entries(formats).filter(([, format]) => format.serves(command));
  return [...shared.map(([name]) => name), ...Object.keys(command.formats ?? {})];
}

/** Throws a usage error that lists what the command serves. */
export function checkFormat(command: AnyCommand, commandName: string, format: string): void {
  const served = formatsOf(command);
  if (served.includes(format)) return;
  const near = nearest(format, served);
  const known = !Object.hasOwn(formats, format)
    ? `unknown format '${format}'`
    : `'${commandName}' has no ${format} output`;
  throw new UserError(known, {
    code: 'usage',
    hints: [
      ...(near === undefined ? [] : [`did you mean '${near}'?`]),
      `'${commandName}' serves: ${served.join(', ')}`,
    ],
  });
}

export async function loadRenderer(format: string, setup: RenderSetup): Promise<Renderer> {
  const own = setup.command.formats?.[format];
  if (own !== undefined) return collectingRenderer((results) => own(results, setup.options), setup.quiet);
  const { load, showsMetrics } = formats[format]!;
  const module = await load(setup.command);
  const metricsOf = showsMetrics === true ? await setup.command.loadMetrics?.() : undefined;
  return module.createRenderer(metricsOf === undefined ? setup : { ...setup, metricsOf });
}

function collectingRenderer(render: (results: readonly unknown[]) => string, quiet: boolean): Renderer {
  const results: unknown[] = [];
  return {
    record(result) {
      results.push(result);
      return '';
    },
    end: () => (quiet && results.length === 0 ? '' : render(results)),
  };
}
