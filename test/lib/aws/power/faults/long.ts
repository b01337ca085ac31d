import { liveThrough } from './world.ts';
import { seededRandom } from '../../../../support/aws-twin/random.ts';
import type { Tally } from './troubles.ts';

// The long form of faults.test.ts: node test/lib/aws/power/faults/long.ts [worlds] [first seed]
// Each world has about 19 runs and 115 calls; a core does three of them in a second. Ends with 1 at the first finding,
// with its trace: the same seed alone shows it again. KEEP=1 goes on and counts. One process uses one core: several with
// other first seeds use several.

const [worlds = '1000', first = '1'] = process.argv.slice(2);
// The client's pauses between its attempts are drawn with it: now a seed tells those, too.
const random = seededRandom(Number(first));
Math.random = random;
const say = (text: string) => void process.stdout.write(`${text}\n`);
const tally: Tally = { runs: 0, kills: 0, races: 0, calls: 0, faults: new Map() };
const wrongs = new Map<string, number>();
const began = performance.now();
let done = 0;
for (let seed = Number(first); seed < Number(first) + Number(worlds); seed += 1) {
  const { findings, trace } = await liveThrough(seed, tally);
  done += 1;
  for (const { what } of findings) wrongs.set(what, (wrongs.get(what) ?? 0) + 1);
  if (findings.length > 0) {
    say(`seed ${seed}: ${findings.map(({ what, text }) => `${what}: ${text}`).join('\n  ')}`);
    if (process.env['KEEP'] === undefined) {
      say(trace.join('\n'));
      process.exitCode = 1;
      break;
    }
  }
}
say(
  JSON.stringify(
    {
      worlds: done,
      ...tally,
      faults: Object.fromEntries([...tally.faults].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      seconds: Math.round((performance.now() - began) / 1000),
      wrongs: Object.fromEntries(wrongs),
    },
    undefined,
    2,
  ),
);
