import type { TwinCall } from '../../../../support/aws-twin/call.ts';
import type { StoryRun } from './story.ts';

/** Order among all events, and Unix time. */
export interface Look {
  order: number;
  time: number;
}

/** What each run has seen of which instance, by its calls of DescribeInstances. */
export function openLooks() {
  /** By `run id`, or by `run` for a look at whatever fits. */
  const answered = new Map<string, Look>();
  /** By the number of their call. */
  const waiting = new Map<number, Look>();

  return {
    begin(call: TwinCall, look: Look): void {
      waiting.set(call.number, look);
    },

    /** A look at the members of a group says nothing of other instances, and one without an answer nothing at all. */
    end(call: TwinCall, run: StoryRun): void {
      const look = waiting.get(call.number);
      waiting.delete(call.number);
      if (look === undefined || call.outcome !== undefined) return;
      const ids = idsOf(call);
      if (ids === undefined) answered.set(run.name, look);
      else for (const id of ids) answered.set(`${run.name} ${id}`, look);
    },

    /** The last one that has shown this instance. */
    last(run: StoryRun, id: string): Look | undefined {
      const [own, any] = [answered.get(`${run.name} ${id}`), answered.get(run.name)];
      return own !== undefined && own.order > (any?.order ?? -1) ? own : any;
    },
  };
}

/** undefined: it asks for whatever fits. */
function idsOf({ parameters }: TwinCall): readonly string[] | undefined {
  const entries = Object.entries(parameters);
  const filter = entries.find(([key, value]) => /^Filter\.\d+\.Name$/.test(key) && value === 'instance-id')?.[0];
  const prefixes = ['InstanceId.', ...(filter === undefined ? [] : [filter.replace(/Name$/, 'Value.')])];
  const ids = entries.filter(([key]) => prefixes.some((prefix) => key.startsWith(prefix))).map(([, value]) => value);
  return ids.length === 0 ? undefined : ids;
}
