import { startTwin } from '../../../../support/aws-twin/aws-twin.ts';
import { seededRandom } from '../../../../support/aws-twin/random.ts';
import { drawFleet } from './fleet.ts';
import { openHands } from './hands.ts';
import { judgeEnd, judgeRun } from './judge.ts';
import { drawRota, rotaAt } from './rota.ts';
import { openRuns, openTrace, type StoryResult, type StoryRun } from './story.ts';
import { type Tally, trouble } from './troubles.ts';
import { type Finding, openWitness } from './witness.ts';

export interface WorldResult {
  findings: readonly Finding[];
  trace: readonly string[];
}

const day = 86_400;

/** One fleet through one or two off times, with all that a seed has in store for it. */
export async function liveThrough(seed: number, tally: Tally): Promise<WorldResult> {
  const random = seededRandom(seed);
  const pick = (count: number) => Math.floor(random() * count);
  const origin = Date.parse('2026-11-16T00:00:00Z') / 1000 + pick(5) * day;
  const rota = drawRota(random, origin);
  const first = rota.switches.findIndex(({ to }) => to === 'off');
  const begin = rota.switches[first]!.at - 3600;
  const twin = await startTwin({
    seed,
    clock: { start: new Date(begin * 1000) },
    staleSeconds: random() < 0.15 ? 1 + pick(3) : 0,
  });
  const findings: Finding[] = [];
  const trace = openTrace(twin);
  const report = (finding: Finding) => {
    trace.say(`*** ${finding.what}: ${finding.text}`);
    findings.push(finding);
  };
  try {
    const region = twin.region();
    if (random() < 0.3) region.suspendDelaySeconds = pick(4);
    const fleet = drawFleet(random, region, rota, begin);
    for (const [id, kind] of fleet.kinds) trace.say(`${id} ${kind}`);
    for (const { suspended, ...group } of fleet.groups)
      trace.say(JSON.stringify({ ...group, suspended: [...suspended] }));
    const runs = openRuns(twin, trace);
    const witness = openWitness(twin, fleet, runs.runOf, report);
    const hands = openHands(twin, fleet, trace, witness);
    const patience = ['--wait-timeout', ['5m', '10m'][pick(2)]!];
    const now = () => twin.clock.now().getTime() / 1000;
    const until = (at: number) => {
      if (at > now()) twin.clock.advance(at - now());
    };
    const wordsOf = (verb: 'stop' | 'start') => [
      ...(verb === 'stop' || fleet.startIsNarrow ? fleet.selectors : []),
      ...rota.options,
      '--yes',
      '--group-members',
      fleet.mode,
      '--max',
      '100',
      ...patience,
    ];

    /** Runs of one moment, two at once being a race. */
    async function go(
      list: readonly ('stop' | 'start')[],
      isTroubled: boolean,
      isRace = list.length > 1,
      prepare: (run: StoryRun) => void = () => undefined,
    ): Promise<readonly StoryResult[]> {
      runs.calmDown();
      const begun = list.map((verb) => {
        const run = runs.begin(verb);
        if (isRace) run.isTroubled = true;
        prepare(run);
        const around = { twin, fleet, hands, random, trace, tally, runOf: runs.runOf };
        return { run, calm: isTroubled ? trouble(run, around) : () => undefined };
      });
      tally.runs += list.length;
      if (list.length > 1) tally.races += 1;
      const results = await Promise.all(begun.map(({ run }) => runs.live(run, wordsOf(run.verb))));
      for (const { calm } of begun) calm();
      for (const result of results) judgeRun(result, { twin, fleet, report });
      return results;
    }

    /** A race without chance: between two calls of a run, another one runs from its begin to its end. */
    async function within(verb: 'stop' | 'start', other: () => Promise<unknown>): Promise<void> {
      let isOver = false;
      const at = 1 + pick(9);
      tally.races += 1;
      await go([verb], false, true, (run) =>
        run.meanwhile.set(at, async () => {
          isOver = true;
          trace.say(`${run.name} is overtaken before its call ${at}`);
          await other();
        }),
      );
      if (!isOver) await other();
    }

    const troubled = async (verb: 'stop' | 'start', from: number, to: number) => {
      const moments = Array.from({ length: pick(4) }, () => from + random() ** 2 * (to - from)).toSorted(
        (a, b) => a - b,
      );
      for (const moment of moments) {
        until(moment);
        if (random() < 0.4) hands.meddle(random);
        if (random() < 0.15) await within(verb, () => go([verb], random() < 0.5, true));
        else await go(random() < 0.25 ? [verb, verb] : [verb], true);
        if (random() < 0.4) hands.meddle(random);
        twin.clock.advance(pick(600));
      }
    };
    const phases = 1 + pick(2);
    for (let phase = 0; phase < phases; phase += 1) {
      const off = rota.switches[first + phase * 2]!.at;
      const on = rota.switches[first + phase * 2 + 1]!.at;
      const next = rota.switches[first + phase * 2 + 2]!.at;
      if (random() < 0.2) await go(['stop'], false);
      if (random() < 0.15) {
        until(off - pick(20));
        await go(['start', 'stop'], random() < 0.5);
      }
      await troubled('stop', off, on - 1800);
      if (random() < 0.6) await go(['stop'], false);
      if (random() < 0.5) hands.meddle(random);
      if (random() < 0.3) {
        until(on - 900 + pick(600));
        await go(['stop'], true);
      }
      if (random() < 0.2) {
        // A stop that is late, and a start that is early by its own clock.
        until(on - 1);
        const late = go(['stop'], random() < 0.5);
        await late;
      }
      if (random() < 0.4) {
        // A stop that began in time, and in its midst the switch and the whole of a start.
        until(on - 3);
        await within('stop', async () => {
          until(on);
          await go(['start'], false, true);
        });
      }
      until(on);
      await troubled('start', on, Math.min(next - 7200, on + 4 * 3600));
      const isLast = phase === phases - 1;
      if (!isLast && random() < 0.5) await go(['start'], false);
      if (!isLast) until(next - 3600);
    }
    await converge();

    async function converge(): Promise<void> {
      region.staleSeconds = 0;
      for (const id of fleet.singles) {
        const instance = region.instances.get(id);
        if (instance !== undefined) instance.withoutKeyGrant = false;
      }
      for (let round = 0; round < 3; round += 1) {
        twin.clock.advance(900);
        if (rotaAt(rota, now()).to !== 'on') until(rota.switches.find(({ at, to }) => at > now() && to === 'on')!.at);
        await go(['start'], false);
      }
      twin.clock.advance(900);
      judgeEnd({ twin, fleet, report, doomed: hands.doomed });
      await rest(['start', 'stop']);
      // And once more the whole way, in peace.
      const off = rota.switches.find(({ at, to }) => at > now() && to === 'off')!.at;
      until(off + 60);
      await go(['stop'], false);
      twin.clock.advance(600);
      await rest(['stop']);
      until(rota.switches.find(({ at }) => at > off)!.at + 60);
      await go(['start'], false);
      twin.clock.advance(900);
      judgeEnd({ twin, fleet, report, doomed: hands.doomed });
      await rest(['start']);
    }

    /** What has nothing left to do changes nothing. */
    async function rest(list: readonly ('stop' | 'start')[]): Promise<void> {
      for (const verb of list) {
        const from = twin.calls.length;
        await go([verb], false);
        // What is beyond mending is tried again and again.
        const isHopeless = [...fleet.kinds.values()].some((kind) => /tags|stop-protected|one-time|strange/.test(kind));
        const changing = twin.calls.slice(from).filter(({ operation }) => !operation.startsWith('Describe'));
        const isTaken = fleet.groups.some((group) => group.isTaken || group.isDisturbed);
        if (changing.length > 0 && !isHopeless && !isTaken) {
          report({ what: 'not at rest', text: `${verb}: ${changing.map(({ operation }) => operation).join(', ')}` });
        }
      }
    }
  } catch (error) {
    report({ what: 'endless', text: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
  tally.calls += twin.calls.length;
  for (const { outcome } of twin.calls) {
    if (outcome !== undefined) tally.faults.set(outcome, (tally.faults.get(outcome) ?? 0) + 1);
  }
  twin.forgetFaults();
  await twin.stop();
  return { findings, trace: trace.lines };
}
