import type { Column, Screen } from '../command.ts';
import type { PowerResult } from '../lib/aws/power/failed-action.ts';
import type { Verdict } from '../lib/results/verdict.ts';
import { type Color, paint } from '../terminal/color.ts';
import { printable } from '../lib/text/printable.ts';

// What stop-instances and start-instances show.

const regionOf = (result: PowerResult) => result.region;
const idOf = (result: PowerResult) => ('id' in result ? result.id : undefined);

/** What became of it, in a word or two. */
function stateOf(result: PowerResult): string {
  return 'error' in result ? 'error' : result.state;
}

function colorOf(result: PowerResult): Color {
  if ('error' in result) return 'red';
  if (result.state === 'left alone') return 'dim';
  return result.state.startsWith('would ') ? 'yellow' : 'green';
}

function reasonOf(result: PowerResult): string | undefined {
  return 'error' in result ? result.error.message : result.reason;
}

export const columns: readonly Column<PowerResult>[] = [
  { name: 'id', value: idOf },
  { name: 'name', value: (result) => ('name' in result ? result.name : undefined), dispensable: true },
  { name: 'region', value: regionOf },
  { name: 'type', value: (result) => ('type' in result ? result.type : undefined), dispensable: true },
  { name: 'state', value: stateOf, cell: (result, screen) => paint(screen, colorOf(result), stateOf(result)) },
  { name: 'reason', value: reasonOf },
  { name: 'code', programsOnly: true, value: (result) => ('error' in result ? result.error.code : result.code) },
  { name: 'account', programsOnly: true, value: (result) => ('account' in result ? result.account : undefined) },
  { name: 'group', programsOnly: true, value: (result) => ('group' in result ? result.group : undefined) },
  { name: 'run', programsOnly: true, value: (result) => ('run' in result ? result.run : undefined) },
];

/** Done and left alone are both as they should be; what failed is told without asking. */
export function* powerVerdicts(result: PowerResult): Generator<Verdict> {
  if ('error' in result) return;
  const { id, state, code, reason } = result;
  yield {
    status: 'ok',
    subject: id,
    code: code ?? state.replaceAll(' ', '-'),
    message: reason === undefined ? state : `${state}: ${reason}`,
  };
}

/** How many of each, and how to undo it. */
export function viewBelow(results: readonly PowerResult[], screen: Screen): string {
  const counts = new Map<string, { count: number; color: Color }>();
  for (const result of results) {
    const state = stateOf(result);
    const { count } = counts.get(state) ?? { count: 0 };
    counts.set(state, { count: count + 1, color: colorOf(result) });
  }
  const told = [...counts].map(([state, { count, color }]) => paint(screen, color, `${count} ${state}`));
  const stopped = results.find((result) => 'run' in result && /^(?:stop|suspend|zero)/.test(stateOf(result)));
  const run = stopped !== undefined && 'run' in stopped ? stopped.run : undefined;
  const back = run === undefined ? '' : `devops start-instances --run ${run} brings them back\n`;
  const hints = [...new Set(results.map((result) => ('error' in result ? result.error.hint : undefined)))];
  const advice = hints.filter((hint) => hint !== undefined).map((hint) => `hint: ${printable(hint)}\n`);
  return `\n${told.join(', ')}\n${advice.join('')}${back}`;
}
