import { expect, test } from 'vitest';
import { startTwin, type Twin } from '../support/aws-twin/aws-twin.ts';
import type { TwinInstance } from '../support/aws-twin/instance.ts';
import { seededRandom } from '../support/aws-twin/random.ts';
import { runPower } from './run-power.ts';

/** Ten runs each; a thousand runs are 100. */
const worlds = Number(process.env['DEVOPS_FAULT_WORLDS'] ?? 8);

const words = ['--off', 'Fri 19:00 - Mon 07:00', '--tz', 'UTC', '--yes', '--wait-timeout', '5m'];
const stop = ['stop-instances', '--tag', 'env=dev', ...words];
const start = ['start-instances', ...words];
const effects = ['RequestLimitExceeded', 'reset', 'lost', 'truncate', 'html'] as const;

/** Runs that are killed between any two calls, throttled, cut off, or two at once; people start and stop in between. */
function troubledWorld(twin: Twin, random: () => number) {
  const region = twin.region();
  const pick = (count: number) => Math.floor(random() * count);
  const dev = Array.from({ length: 8 }, () =>
    region.addInstance({
      tags: { env: 'dev' },
      state: random() < 0.8 ? 'running' : 'stopped',
      disableApiStop: random() < 0.1,
      ...(random() < 0.1 ? { spotRequest: 'one-time' } : {}),
    }),
  );
  for (let count = 0; count < 3; count++) region.addInstance();
  let isDead = false;
  let callsLeft = Infinity;
  twin.onCall((_, moment) => {
    if (moment === 'after' && --callsLeft <= 0) isDead = true;
  });

  function forgetFaults(): void {
    twin.forgetFaults();
    twin.fault({ when: () => isDead, times: Infinity, optional: true, effect: 'reset' });
  }

  /** A killed run reaches nothing any more: each of its further calls is lost. */
  async function run(line: readonly string[], isTroubled: boolean): Promise<void> {
    callsLeft = isTroubled && random() < 0.4 ? 1 + pick(8) : Infinity;
    if (isTroubled && random() < 0.3) {
      twin.fault({ probability: 0.15, times: 3, optional: true, effect: effects[pick(effects.length)]! });
    }
    const isRace = isTroubled && random() < 0.3;
    const results = await Promise.all((isRace ? [line, line] : [line]).map((each) => runPower(twin, each)));
    for (const { stderr } of results) expect(stderr).not.toContain('internal');
    isDead = false;
    callsLeft = Infinity;
  }

  function until(moment: string): void {
    const seconds = (Date.parse(moment) - twin.clock.now().getTime()) / 1000;
    if (seconds > 0) twin.clock.advance(seconds);
  }

  /** Somebody starts what is stopped, and sometimes stops it again. */
  function meddle(isBothWays: boolean): void {
    const id = dev[pick(dev.length)]!;
    if (region.instance(id).state !== 'stopped') return;
    region.startInstance(id);
    twin.clock.advance(100);
    if (isBothWays) region.stopInstance(id);
  }

  forgetFaults();
  return { forgetFaults, run, until, meddle };
}

async function weekend(seed: number): Promise<readonly TwinInstance[]> {
  const random = seededRandom(seed);
  const twin = await startTwin({ seed, clock: { start: new Date('2026-11-20T18:50:00Z') } });
  const world = troubledWorld(twin, random);
  world.until('2026-11-20T19:00:00Z');
  for (let count = 0; count < 3; count++) {
    await world.run(stop, true);
    twin.clock.advance(300);
    if (random() < 0.3) world.meddle(false);
    twin.clock.advance(300);
  }
  world.forgetFaults();
  await world.run(stop, false);
  world.until('2026-11-21T12:00:00Z');
  if (random() < 0.8) world.meddle(random() < 0.6);
  await world.run(stop, false);
  world.until('2026-11-23T07:00:00Z');
  for (let count = 0; count < 3; count++) {
    await world.run(start, true);
    twin.clock.advance(600);
  }
  world.forgetFaults();
  await world.run(start, false);
  twin.clock.advance(120);
  await world.run(start, false);
  await twin.stop();
  return [...twin.region().instances.values()];
}

/** What went wrong in the life of an instance, by who changed its state. */
function* mistakes({ changes, state, tags }: TwinInstance): Generator<string> {
  const isOurs = (by: string | undefined) => by !== undefined && by !== 'somebody else' && by !== 'AWS';
  let last: { what: string; by: string } | undefined;
  for (const change of changes) {
    const wasStoppedByUs = last?.what === 'stop' && isOurs(last.by);
    const wasStartedByThem = last?.what === 'start' && !isOurs(last.by);
    if (isOurs(change.by) && change.what === 'start' && !wasStoppedByUs) yield 'wrongly restored';
    if (isOurs(change.by) && change.what === 'stop' && tags.get('env') !== 'dev') yield 'stopped, and nobody named it';
    if (isOurs(change.by) && change.what === 'stop' && wasStartedByThem) yield 'stopped after a start by hand';
    last = change;
  }
  if (last?.what === 'stop' && isOurs(last.by) && state !== 'running') yield 'never restored';
  if (tags.has('devops:stopped')) yield 'a mark is left';
}

test('whatever happens to the runs: nothing is restored wrongly, stopped unasked, lost, or left marked', async () => {
  for (let seed = 0; seed < worlds; seed++) {
    const instances = await weekend(seed);
    const found = instances.flatMap((instance) => [...mistakes(instance)].map((what) => `${instance.id} ${what}`));
    expect(found, `world ${seed}`).toEqual([]);
  }
}, 600_000);
