import { spawnSync } from 'node:child_process';
import type { BenchRequest } from '../../harness.ts';
import type { Section } from '../../ssl-expiry/sections.ts';
import type { Bar, Comparison, Contender, MissingContender } from '../comparison.ts';
import { comparisonSection } from '../comparison-section.ts';
import { day } from '../data/write-day.ts';
import { measureComparison } from '../measure-comparison.ts';
import { dategrep, peer, ripgrep } from '../peers.ts';
import type { Rig } from '../rig.ts';

const since = `${day} 13:40`;
const until = `${day} 13:50`;

const coldFact =
  'the pages of the file are dropped before every run; what a disk or a host below this machine keeps in mind stays';

const wall = (atLeast: number): readonly Bar[] => [{ figure: 'wall', atLeast }];

/** A log whose lines are found by their time. */
interface Dated {
  file: string;
  /** What is searched for within the ten minutes. */
  pattern: string;
  /** The hand-written regexp for a line of these ten minutes with the pattern in it. */
  regexp: string;
  /** awk's condition for such a line. */
  condition: string;
  /** How dategrep reads the times. */
  dategrep: readonly string[];
}

/** Ten minutes of a day and a pattern: beside ripgrep, and on the smaller logs beside awk and dategrep. */
export async function windowPart(rig: Rig, request: BenchRequest, runs: number): Promise<Section[]> {
  const large = app(await rig.files.plain('app-large.log'));
  const cold = (): void => dropFromPageCache(large.file);
  const sections: Section[] = [];
  const add = async (title: string, comparison: Comparison): Promise<void> => {
    const measured = await measureComparison(comparison, runs, rig, request);
    const facts = [`--since '${since}' --until '${until}'`, ...(comparison.prepare === undefined ? [] : [coldFact])];
    sections.push(comparisonSection(title, facts, [measured]));
  };
  const coldRow = ripgrepRow(large, wall(10));
  await add('10-minute window and pattern, large app.log, cold', {
    title: 'cold window',
    contenders:
      rig.storage.disk === undefined
        ? [{ name: 'all', missing: 'a folder on a disk, by --data or $TMPDIR: what is in memory is never cold' }]
        : [ours(rig, large), coldRow],
    prepare: cold,
  });
  await add('the same, warm', { title: 'warm window', contenders: [ours(rig, large), ripgrepRow(large, wall(8))] });
  for (const name of ['app.log', 'access.log'] as const) {
    const log = name === 'app.log' ? app(await rig.files.plain(name)) : access(await rig.files.plain(name));
    await add(`10-minute window and pattern, ${name}, warm`, {
      title: `window of ${name}`,
      contenders: [ours(rig, log), ripgrepRow(log, wall(1)), ...slowPeers(log)],
    });
  }
  return sections;
}

function ours(rig: Rig, { file, pattern }: Dated): Contender {
  return rig.devops(`--since ... --until ... '${pattern}'`, ['--since', since, '--until', until, pattern, file]);
}

function ripgrepRow({ file, regexp }: Dated, bars: readonly Bar[]): Contender | MissingContender {
  return ripgrep(`'${regexp}'`, [regexp, file], { bars });
}

function slowPeers(log: Dated): (Contender | MissingContender)[] {
  const awk = (program: string) =>
    peer(program, `apt-get install ${program}`, `'${log.condition}'`, [log.condition, log.file], { bars: wall(20) });
  const times = ['--start', `${since}:00`, '--end', `${until}:00`, '--format', '%Y-%m-%d %H:%M:%S'];
  return [awk('gawk'), awk('mawk'), dategrep([...times, ...log.dategrep], log.pattern, log.file, { bars: wall(7) })];
}

function app(file: string): Dated {
  return {
    file,
    pattern: 'ERROR',
    regexp: `^${day} 13:4[0-9]:.*ERROR`,
    condition: `$1" "$2 >= "${since}" && $1" "$2 < "${until}" && /ERROR/`,
    dategrep: ['--multiline'],
  };
}

function access(file: string): Dated {
  const clf = '14/Jan/2026';
  return {
    file,
    pattern: '" 503 ',
    regexp: String.raw`\[${clf}:13:4[0-9]:.*" 503 `,
    condition: `$4 >= "[${clf}:13:40" && $4 < "[${clf}:13:50" && /" 503 /`,
    dategrep: [],
  };
}

/** posix_fadvise(POSIX_FADV_DONTNEED) on the one file, by GNU dd, which is what `count=0` with `nocache` means to it. */
function dropFromPageCache(file: string): void {
  const answer = spawnSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0', 'of=/dev/null'], { encoding: 'utf8' });
  if (answer.status !== 0) throw new Error(`dd cannot drop ${file} from the page cache: ${answer.stderr}`);
}
