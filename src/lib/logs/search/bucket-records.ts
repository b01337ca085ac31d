import { formatMoment } from '../../time/format-moment.ts';
import type { Zone } from '../../time/zone.ts';
import { createHistogram, type HistogramOptions } from '../histogram/histogram.ts';
import type { LogBucket } from '../log-records.ts';
import type { LogConsumer } from './log-consumer.ts';
import { visitLines } from './visit-lines.ts';

/** Counts lines over time. */
export function createBucketRecords(options: HistogramOptions): LogConsumer & {
  buckets(zone: Zone): LogBucket[];
  /** Lines without a time, which no bucket can have. */
  untimed(): number;
  found(): number;
} {
  const histogram = createHistogram(options);
  let untimed = 0;
  let found = 0;
  return {
    begin() {},
    add({ bytes, runs, events }) {
      visitLines(bytes, runs, (start) => {
        const { timeMs } = events.at(start);
        found++;
        if (timeMs === undefined) untimed++;
        else histogram.add(timeMs);
      });
      return false;
    },
    end() {},
    buckets(zone) {
      const result = histogram.result();
      if (result === undefined) return [];
      const { startMs, bucketSeconds, counts } = result;
      const moment = (index: number) => formatMoment(startMs / 1000 + index * bucketSeconds, zone);
      return counts.map((count, index): LogBucket => {
        return { schema: 'devops.logs-grep/1', kind: 'bucket', start: moment(index), end: moment(index + 1), count };
      });
    },
    untimed: () => untimed,
    found: () => found,
  };
}
