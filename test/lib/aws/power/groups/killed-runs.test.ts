import { afterEach, expect, test } from 'vitest';
import type { GroupMode } from '../../../../../src/lib/aws/power/groups/group-request.ts';
import type { AwsTarget } from '../../../../../src/lib/aws/target.ts';
import { groupName, setStage, unixTime, type Stage } from './stage.ts';

// What a run finds that was killed after each call, and what the next one makes of it:
//
// | killed after            | the next stop                                  | the next restore                           |
// | ----------------------- | ---------------------------------------------- | ------------------------------------------ |
// | the tag (suspend)       | members are older than the tag: goes on        | nothing to resume or start, removes the tag |
// | SuspendProcesses        | keeps had= of the tag, stops the members       | resumes what is not in had=, removes the tag |
// | the marks of members    | runs and is older than its mark: stopped       | followed as running, mark removed, resumed |
// | StopInstances           | already stopped, or stopping                   | waits for stopped, then starts             |
// | ResumeProcesses (undo)  | as after the tag                               | as after the tag                           |
// | the tag (zero)          | a member is older than the tag: remembers anew | sizes are those of the tag: removes it     |
// | UpdateAutoScalingGroup  | is at zero: done                               | sizes are set, waits for the members       |
// | StartInstances          | started since the switch: left alone           | pending and marked: followed until it runs |
// | marks removed           | the same                                       | runs: checks, health, resumes              |
// | SetInstanceHealth       | the same                                       | healthy already, resumes                   |
// | the tag (had=...r)      | the same                                       | says so again, resumes                     |
// | ResumeProcesses         | all started since: left alone                  | nothing to resume, removes the tag         |
// | UpdateAutoScalingGroup  | no member is older than the tag: left alone    | sizes are those of the tag: waits, removes |

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.end();
  stage = undefined;
});

class Killed extends Error {
  override readonly name = 'Killed';
}

/**
 * A process that is killed once so many requests were answered: from then on nothing is sent, and nothing that it still
 * tries has an effect. The error is no UserError, so that nothing takes it for a failure to be dealt with.
 */
function mortal(target: AwsTarget, requests: number) {
  let left = requests;
  const spend = () => {
    if (left <= 0) throw new Killed();
    left -= 1;
  };
  const wrap = <Client extends { send: (...parameters: never[]) => unknown }>(client: Client): Client =>
    new Proxy(client, {
      get(object, name) {
        if (name !== 'send') return Reflect.get(object, name) as unknown;
        return async (...parameters: never[]) => {
          spend();
          const answer = await object.send(...parameters);
          if (left === 0) throw new Killed();
          return answer;
        };
      },
    });
  return {
    target: {
      ...target,
      ec2: async () => wrap(await target.ec2()),
      autoScaling: async () => wrap(await target.autoScaling()),
    },
    isDead: () => left <= 0,
    pause:
      (pause: (seconds: number, signal: AbortSignal) => Promise<void>) => (seconds: number, signal: AbortSignal) =>
        left <= 0 ? Promise.reject(new Killed()) : pause(seconds, signal),
  };
}

interface Scene {
  mode: GroupMode;
  suspended: readonly string[];
}

async function open({ suspended }: Scene): Promise<Stage> {
  await stage?.end();
  stage = await setStage({ min: 1, desired: 2, max: 5, suspended });
  return stage;
}

/** In mode zero the members are others afterwards: then only their number counts. */
function look(at: Stage, { mode }: Scene): unknown {
  const seen = at.look() as { members: readonly { id: string; lifecycle: string; state: string }[] };
  if (mode === 'suspend') return seen;
  return { ...seen, members: seen.members.map(({ lifecycle, state }) => `${lifecycle} ${state}`) };
}

/** After which requests something may be different: each that changes something, and some of those that only look. */
function moments(at: Stage, asked = 0): number[] {
  // The stage itself asks twice before the run begins.
  return at.twin.calls
    .slice(asked + 2)
    .flatMap(({ operation }, index) => (operation.startsWith('Describe') && index % 6 !== 5 ? [] : [index + 1]));
}

async function kill(at: Stage, requests: number, run: (some: object) => Promise<unknown>): Promise<void> {
  const { target, pause, isDead } = mortal(at.target, requests);
  // It may take its death for a broken connection: what it says then goes nowhere.
  await run({ target, pause: pause(at.twin.clock.pause) }).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
  expect(isDead()).toBe(true);
  at.twin.clock.advance(requests % 2 === 0 ? 7 : 700);
}

const scenes: [string, Scene][] = [
  ['suspend', { mode: 'suspend', suspended: ['AZRebalance', 'ScheduledActions'] }],
  ['zero', { mode: 'zero', suspended: ['AZRebalance'] }],
];

test.each(scenes)('a %s that is killed anywhere is made good by a restore alone', async (_, scene) => {
  const whole = await open(scene);
  await whole.stop(scene.mode);
  for (const requests of moments(whole)) {
    const at = await open(scene);
    const before = look(at, scene);
    await kill(at, requests, (some) => at.stop(scene.mode, {}, some));
    await at.restore();
    at.twin.clock.advance(1200);
    expect(look(at, scene), `killed after request ${requests}`).toEqual(before);
  }
});

test.each(scenes)('a %s that is killed anywhere is completed by the next run', async (_, scene) => {
  const whole = await open(scene);
  await whole.stop(scene.mode, { since: unixTime(whole.twin, -60) });
  for (const requests of moments(whole)) {
    const at = await open(scene);
    const before = look(at, scene);
    const since = unixTime(at.twin, -60);
    await kill(at, requests, (some) => at.stop(scene.mode, { since }, some));
    await at.stop(scene.mode, { since }, { run: 'second' });
    const region = at.twin.region();
    at.twin.clock.advance(120);
    const states = region.group(groupName).members.map(({ id }) => region.instance(id).state);
    expect(states, `killed after request ${requests}`).toEqual(scene.mode === 'zero' ? [] : ['stopped', 'stopped']);
    await at.restore();
    at.twin.clock.advance(1200);
    expect(look(at, scene), `killed after request ${requests}`).toEqual(before);
  }
});

test.each(scenes)('the restore of a %s that is killed anywhere is completed by the next one', async (_, scene) => {
  const whole = await open(scene);
  await whole.stop(scene.mode);
  const asked = whole.twin.calls.length;
  const disturb = (at: Stage) => {
    const [first] = at.twin.region().group(groupName).members;
    if (first !== undefined) first.health = 'Unhealthy';
  };
  disturb(whole);
  await whole.restore();
  for (const requests of moments(whole, asked)) {
    const at = await open(scene);
    const before = look(at, scene);
    const since = unixTime(at.twin, -60);
    await at.stop(scene.mode);
    disturb(at);
    await kill(at, requests, (some) => at.restore({}, some));
    // A schedule that is still off leaves alone what is being restored by hand.
    await at.stop(scene.mode, { since }, { run: 'second' });
    await at.restore();
    at.twin.clock.advance(1200);
    expect(look(at, scene), `killed after request ${requests}`).toEqual(before);
  }
});
