import type { LazyAutomaton } from './lazy-automaton.ts';
import { lineEndAt, lineStartAt } from './line-bounds.ts';

/** Part of a chunk, whole lines of it, that is searched in step with others. */
interface Lane {
  /** What has been looked at: nothing before it but in its own line is of interest any more. */
  position: number;
  state: number;
  readonly start: number;
  readonly end: number;
  /** Start and end of each line with a match, in turns. */
  readonly found: number[];
}

/**
 * Searches four parts of a chunk in one loop. A step of the automaton waits for the one before it, and the processor has
 * nothing else to do: with four that do not wait for each other it takes hardly longer than one. Stops when one of the
 * parts is at its end or the states have been forgotten; what is behind each lane's position is left to do.
 */
export function searchLanes(automaton: LazyAutomaton, bytes: Buffer, start: number, end: number): readonly Lane[] {
  const [one, two, three, four] = lanesOf(automaton, bytes, start, end);
  const lanes = [one, two, three, four];
  const { dead, generation } = automaton;
  while (automaton.generation === generation) {
    const { table } = automaton;
    const steps = Math.min(
      one.end - one.position,
      two.end - two.position,
      three.end - three.position,
      four.end - four.position,
    );
    if (steps <= 0) break;
    let index = one.position;
    const last = index + steps;
    const toTwo = two.position - index;
    const toThree = three.position - index;
    const toFour = four.position - index;
    let { state: first } = one;
    let { state: second } = two;
    let { state: third } = three;
    let { state: fourth } = four;
    // All of the time goes here.
    for (; index < last; index++) {
      const nextFirst = table[first | bytes[index]!]!;
      const nextSecond = table[second | bytes[index + toTwo]!]!;
      const nextThird = table[third | bytes[index + toThree]!]!;
      const nextFourth = table[fourth | bytes[index + toFour]!]!;
      if (nextFirst <= dead || nextSecond <= dead || nextThird <= dead || nextFourth <= dead) break;
      first = nextFirst;
      second = nextSecond;
      third = nextThird;
      fourth = nextFourth;
    }
    const done = index - one.position;
    one.state = first;
    two.state = second;
    three.state = third;
    four.state = fourth;
    for (const lane of lanes) {
      lane.position += done;
      if (index < last && automaton.generation === generation) step(automaton, bytes, lane);
    }
  }
  return lanes;
}

/** Four parts of about the same size; some are empty when lines are long. */
function lanesOf(
  automaton: LazyAutomaton,
  bytes: Buffer,
  start: number,
  end: number,
): [Lane, Lane, Lane, Lane] {
  const state = automaton.startState(0);
  const quarter = (end - start) >> 2;
  const bounds = [1, 2, 3].map((part) => lineStartAt(bytes, start + quarter * part, start));
  const lane = (from: number, to: number): Lane => ({ position: from, state, start: from, end: to, found: [] });
  return [
    lane(start, bounds[0]!),
    lane(bounds[0]!, bounds[1]!),
    lane(bounds[1]!, bounds[2]!),
    lane(bounds[2]!, end),
  ];
}

/** One step of one lane, over the rest of the line if there is nothing more to be found in it. */
function step(automaton: LazyAutomaton, bytes: Buffer, lane: Lane): void {
  const byte = bytes[lane.position]!;
  const next = automaton.table[lane.state | byte]! || automaton.transition(lane.state, byte);
  if (next > automaton.dead) {
    lane.state = next;
    lane.position++;
    return;
  }
  const lineEnd = lineEndAt(bytes, lane.position, lane.end);
  if (next < 0) lane.found.push(lineStartAt(bytes, lane.position, lane.start), lineEnd);
  lane.state = automaton.startState(0);
  lane.position = Math.min(lane.end, lineEnd + 1);
}
