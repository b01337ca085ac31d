import type { LazyAutomaton } from './lazy-automaton.ts';
import { lineEndAt, lineStartAt } from './line-bounds.ts';

/** Bytes from one end of a search to the next, on average, below which one part after the other is faster. */
const leastRun = 200;
const stopsToJudge = 32;

/** Part of a chunk, whole lines of it, that is searched in step with others. */
interface Lane {
  /** All lines before that of this place are done; behind `end`, when the last of them had no line feed. */
  position: number;
  state: number;
  readonly start: number;
  readonly end: number;
  /** Start and end of each line with a match, in turns. */
  readonly found: number[];
}

/**
 * Searches three parts of a chunk in one loop. A step of the automaton waits for the one before it, and the processor has
 * nothing else to do: with three that do not wait for each other it takes hardly longer than one. A fourth would need
 * more registers than there are. Ends when one of the parts is at its end, the states have been forgotten or it does not
 * pay: what is behind each position is left to do.
 */
export function searchLanes(automaton: LazyAutomaton, bytes: Buffer, start: number, end: number): readonly Lane[] {
  const [one, two, three] = lanesOf(automaton, bytes, start, end);
  const lanes = [one, two, three];
  const { dead, generation } = automaton;
  let ends = 0;
  for (let stops = 0; automaton.generation === generation; stops++) {
    if (stops === stopsToJudge && lanes.reduce((sum, lane) => sum + lane.position - lane.start, 0) < leastRun * ends) {
      break;
    }
    const { table } = automaton;
    const steps = Math.min(one.end - one.position, two.end - two.position, three.end - three.position);
    if (steps <= 0) break;
    let index = one.position;
    const last = index + steps;
    const toTwo = two.position - index;
    const toThree = three.position - index;
    let { state: first } = one;
    let { state: second } = two;
    let { state: third } = three;
    // All of the time goes here.
    for (; index < last; index++) {
      const nextFirst = table[first | bytes[index]!]!;
      const nextSecond = table[second | bytes[index + toTwo]!]!;
      const nextThird = table[third | bytes[index + toThree]!]!;
      if (nextFirst <= dead || nextSecond <= dead || nextThird <= dead) break;
      first = nextFirst;
      second = nextSecond;
      third = nextThird;
    }
    const done = index - one.position;
    one.state = first;
    two.state = second;
    three.state = third;
    for (const lane of lanes) {
      lane.position += done;
      if (index < last && automaton.generation === generation && step(automaton, bytes, lane)) ends++;
    }
  }
  return lanes;
}

/** Three parts of about the same size; some are empty when lines are long. */
function lanesOf(automaton: LazyAutomaton, bytes: Buffer, start: number, end: number): [Lane, Lane, Lane] {
  const state = automaton.startState(0);
  const third = Math.floor((end - start) / 3);
  const second = lineStartAt(bytes, start + third, start);
  const last = lineStartAt(bytes, start + third * 2, start);
  const lane = (from: number, to: number): Lane => ({ position: from, state, start: from, end: to, found: [] });
  return [lane(start, second), lane(second, last), lane(last, end)];
}

/** One step of one lane; true when there is nothing more to be found in the line, and the lane is at the next. */
function step(automaton: LazyAutomaton, bytes: Buffer, lane: Lane): boolean {
  const byte = bytes[lane.position]!;
  const next = automaton.table[lane.state | byte]! || automaton.transition(lane.state, byte);
  if (next > automaton.dead) {
    lane.state = next;
    lane.position++;
    return false;
  }
  const lineEnd = lineEndAt(bytes, lane.position, lane.end);
  if (next < 0) lane.found.push(lineStartAt(bytes, lane.position, lane.start), lineEnd);
  lane.state = automaton.startState(0);
  lane.position = lineEnd + 1;
  return true;
}
