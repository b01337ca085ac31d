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

/** What is left out without --max. */
const usualMax = 50;

function codeOf(result: PowerResult): string | undefined {
  return 'error' in result ? result.error.code : result.code;
}

function reasonOf(result: PowerResult): string | undefined {
  return 'error' in result ? result.error.message : result.reason;
}

export const columns: readonly Column<PowerResult>[] = [
  { name: 'id', value: idOf },
  // People know a machine by its name; where the region has to give way, the lines below tell it.
  { name: 'name', value: (result) => ('name' in result ? result.name : undefined) },
  { name: 'region', value: regionOf, dispensable: true },
  { name: 'type', value: (result) => ('type' in result ? result.type : undefined), dispensable: true },
  { name: 'state', value: stateOf, cell: (result, screen) => paint(screen, colorOf(result), stateOf(result)) },
  { name: 'reason', value: reasonOf },
  { name: 'code', programsOnly: true, value: codeOf },
  { name: 'account', programsOnly: true, value: (result) => ('account' in result ? result.account : undefined) },
  { name: 'group', programsOnly: true, value: (result) => ('group' in result ? result.group : undefined) },
  { name: 'run', programsOnly: true, value: (result) => ('run' in result ? result.run : undefined) },
];

/** Done and left alone are both as they should be; what failed is told without asking. */
export function* powerVerdicts(result: PowerResult): Generator<Verdict> {
  if ('error' in result) return;
  const { id, state, code, reason } = result;
  yield {
    // It was to come back and has not: nobody else would tell.
    status: code === 'orphaned' ? 'warning' : 'ok',
    subject: id,
    code: code ?? state.replaceAll(' ', '-'),
    message: reason === undefined ? state : `${state}: ${reason}`,
  };
}

/** How many of each in each region and why, what to do about failures, and how to undo it. */
export function viewBelow(results: readonly PowerResult[], screen: Screen): string {
  const regions = [...new Set(results.map(regionOf))].toSorted();
  const counted = regions.map((region) => {
    const place = regions.length === 1 || region === '' ? '' : `${printable(region)}: `;
    return `${place}${countsOf(
      results.filter((result) => result.region === region),
      screen,
    )}\n`;
  });
  const hints = [...new Set(results.map((result) => ('error' in result ? result.error.hint : undefined)))];
  const advice = hints.filter((hint) => hint !== undefined).map((hint) => `hint: ${printable(hint)}\n`);
  return `\n${counted.join('')}${advice.join('')}${warningOf(results, screen)}${wayBack(results)}`;
}

/** `3 stopped, 2 left alone (1 protected, 1 group-member)`: the codes make up for reasons that are cut. */
function countsOf(results: readonly PowerResult[], screen: Screen): string {
  const groups = Map.groupBy(results, stateOf);
  const told = Array.from(groups, ([state, same]) => {
    const codes = Map.groupBy(same, codeOf);
    const why = Array.from(codes, ([code, alike]) => (code === undefined ? '' : `${alike.length} ${code}`));
    const known = why.filter((word) => word !== '').join(', ');
    return paint(screen, colorOf(same[0]!), `${same.length} ${state}`) + (known === '' ? '' : ` (${known})`);
  });
  return told.join(', ');
}

/** What --group-members zero means is not said by any of the other words. */
function warningOf(results: readonly PowerResult[], screen: Screen): string {
  if (!results.some((result) => stateOf(result) === 'would zero')) return '';
  const words = 'a group whose sizes become 0 terminates its members, with their disks; a start launches new ones';
  return `${paint(screen, 'yellow', words)}\n`;
}

/** The command that undoes a stop, whole: without the places it would look elsewhere. */
function wayBack(results: readonly PowerResult[]): string {
  const done = results.flatMap((result) =>
    'run' in result && result.run !== undefined && /^(?:stop|suspend|zero)/.test(stateOf(result)) ? [result] : [],
  );
  const [first] = done;
  if (first === undefined) return '';
  const regions = [...new Set(done.map(regionOf))].toSorted().join(',');
  const profiles = [...new Set(done.flatMap(({ profile }) => profile ?? []))].toSorted().join(',');
  const more = done.length > usualMax ? ` --max ${done.length}` : '';
  const whose = profiles === '' ? '' : ` --profile ${profiles}`;
  return `devops start-instances --run ${first.run}${whose} --region ${regions}${more} brings them back\n`;
}
