import type { LogTemplate } from '../log-records.ts';
import { createTemplateMiner } from '../templates/template-miner.ts';
import type { LogConsumer } from './log-consumer.ts';
import { visitLines } from './visit-lines.ts';

/** Longer lines say the same in their beginning. */
const longestMined = 8192;

/** Counts which lines say the same. */
export function createTemplateRecords(rewrite: ((line: Buffer) => Buffer) | undefined): LogConsumer & {
  /** The most frequent ones, and how many lines of others were forgotten. */
  top(limit: number): { templates: LogTemplate[]; total: number; others: number };
} {
  const miner = createTemplateMiner();
  return {
    begin() {},
    add({ bytes, runs, events }) {
      visitLines(bytes, runs, (start, lineEnd) => {
        // What goes on with an event says nothing of its own.
        if (!events.isStart(start, lineEnd)) return;
        // Half a secret may be none that is known for one: it is masked before the line is cut.
        const line = rewrite?.(bytes.subarray(start, lineEnd)) ?? bytes.subarray(start, lineEnd);
        miner.add(line.toString('utf8', 0, longestMined).trimEnd());
      });
      return false;
    },
    end() {},
    top(limit) {
      const templates = miner.top(limit).map(({ template, count, share, sample }): LogTemplate => {
        // More digits than that say nothing.
        const percent = Number((share * 100).toPrecision(4));
        return { schema: 'devops.logs-grep/1', kind: 'template', template, count, share_pct: percent, sample };
      });
      const { total, other } = miner.counts();
      return { templates, total, others: other };
    },
  };
}
