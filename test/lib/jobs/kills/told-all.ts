import type { ArrivedMail, KillWorld, WorldJob } from './kill-world.ts';

/** What is not as it has to be when nobody runs any more and all was sent. */
export function mistakesOf(world: KillWorld, job: WorldJob, lines: number): string[] {
  const { runs, broken } = world.history();
  const mails = world.mails();
  const journal = world.journal();
  const known = new Map(runs.map((run) => [run.runId, run]));
  const byRun = Map.groupBy(mails, ({ text }) => /^run: +(\S+)$/m.exec(text)?.[1] ?? 'none');
  // A reminder by a start that found the lock taken is about no run.
  byRun.delete('none');
  const mistakes: string[] = [];
  const require = (isSo: boolean, otherwise: string): void => {
    if (!isSo) mistakes.push(otherwise);
  };

  for (const runId of world.twoAtOnce()) mistakes.push(`${runId} ran while another did`);
  for (const [index, [what, runId]] of journal.entries()) {
    const before = journal[index - 1];
    const isInTurn = what === 'start' ? before === undefined || before[0] === 'stop' : before?.[1] === runId;
    require(isInTurn, `${what} of ${runId} comes after ${before?.join(' ')}`);
  }
  require(broken === 0, `${broken} lines of the history are broken`);
  require(known.size === runs.length, `${runs.length - known.size} runs are in the history more than once`);
  for (const [what, runId, code] of journal) {
    const run = known.get(runId);
    require(run !== undefined, `${runId} has run, and the history does not know`);
    if (run === undefined || what === 'stop') continue;
    const isCut = run.state === 'interrupted' && run.ended.includes('killed');
    const isRight = job === 'find' ? run.exitCode <= 1 : run.exitCode === Number(code);
    require(isCut || isRight, `${runId} had the exit code ${code}, told is ${run.ended}`);
  }
  for (const { runId, state, alerts, exitCode } of runs) {
    const told = byRun.get(runId) ?? [];
    if (state !== 'busy' && (alerts > 0 || (job === 'work' && state === 'failed')))
      require(told.length > 0, `nobody was told of ${runId}, ${state}`);
    if (state !== 'failed' || job === 'find') continue;
    require(says(told, `exit code ${exitCode}`), `no mail of ${runId} says that its exit code was ${exitCode}`);
  }
  for (const [runId, same] of byRun) {
    require(known.has(runId), `a mail is about ${runId}, which the history does not know`);
    const ids = new Set(same.map(({ messageId }) => messageId));
    require(ids.size === 1, `the mails about ${runId} have ${ids.size} Message-IDs`);
  }
  for (let line = job === 'find' ? 1 : Infinity; line <= lines; line++) {
    require(says(mails, `found line-${line} `), `nobody was told of line ${line}`);
  }
  for (const name of world.leftBehind()) mistakes.push(`${name} was left behind`);
  return mistakes;
}

function says(mails: readonly ArrivedMail[], words: string): boolean {
  return mails.some(({ text }) => text.includes(words));
}
