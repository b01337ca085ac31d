import { appendRun } from '../../../src/lib/jobs/history.ts';
import { jobRun } from './job-runs.ts';

// Adds many runs to a history, with short pauses.
const pause = new Int32Array(new SharedArrayBuffer(4));
const [folder, name, count] = process.argv.slice(2);
for (let index = 0; index < Number(count); index++) {
  appendRun(folder!, jobRun({ runId: `${name}-${index}`, ended: 'x'.repeat(Math.floor(1900 * Math.random())) }));
  Atomics.wait(pause, 0, 0, 3 * Math.random());
}
