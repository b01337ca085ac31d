import type { Twin } from '../../../../support/aws-twin/aws-twin.ts';
import type { Fleet } from './fleet.ts';
import { rotaAt } from './rota.ts';
import type { StoryResult } from './story.ts';
import { type Finding, isOurs, stoppedTag } from './witness.ts';

interface Court {
  twin: Twin;
  fleet: Fleet;
  report: (finding: Finding) => void;
}

/** Whether a run that has ended says what is so. */
export function judgeRun({ run, code, records, stderr, ended }: StoryResult, { twin, fleet, report }: Court): void {
  if (code === undefined) return;
  const region = twin.region();
  const lie = (text: string) => report({ what: 'lie', text: `${run.name}: ${text}` });
  if (![0, 1, 2].includes(code)) lie(`exit ${code}`);
  if (/internal|at .*\.ts:\d+/.test(stderr)) lie(stderr);
  const failed = records.filter(({ error }) => error !== undefined);
  if (code === 0 && failed.length > 0) lie(`exit 0 beside ${failed[0]!.error!.code}`);
  if (code === 2 && failed.length === 0 && stderr === '') lie('exit 2, and nobody says why');
  const isAlone = !run.isTroubled;
  for (const { id = '', kind, state } of records) {
    if (kind === 'instance') {
      const seen = state === 'stopped' ? 'stopped' : state === 'started' ? 'running' : undefined;
      if (seen === undefined) continue;
      const instance = region.instances.get(id);
      if (instance === undefined) {
        if (isAlone) lie(`${id} ${state}, and it is not there`);
        continue;
      }
      const start = twin.clock.monotonic() - (ended - run.began) - 3;
      const was = instance.faces.some(({ face }, index) => {
        const end = instance.faces[index + 1]?.at ?? Infinity;
        return face.state === seen && end >= start;
      });
      if (!was) lie(`${id} ${state}, and never was`);
      const member = instance.tags.get('aws:autoscaling:groupName');
      // What it has started may be one too many for its group by now.
      if (fleet.groups.some((group) => group.name === member && group.isDisturbed)) continue;
      if (isAlone && instance.state !== seen) lie(`${id} ${state}, and is ${instance.state}`);
      if (isAlone && seen === 'running' && instance.tags.has(stoppedTag)) lie(`${id} started, and has its mark`);
    } else if (kind === 'group' && isAlone) {
      const group = region.groups.get(id);
      if (group === undefined) continue;
      if (state === 'zeroed' && (group.desired > 0 || group.min > 0)) lie(`${id} zeroed, and is not`);
      if (state === 'suspended' && !group.suspended.has('Launch')) lie(`${id} suspended, and is not`);
      if (state === 'restored' && group.tags.has('devops:asg')) lie(`${id} restored, and has its mark`);
    }
  }
  if (code !== 0 || !isAlone) return;
  const { to, since } = rotaAt(fleet.rota, run.began);
  if (to !== (run.verb === 'stop' ? 'off' : 'on')) {
    if (records.length > 0 && fleet.rota.tagValue === undefined) lie('it acts, and it is not the time');
    return;
  }
  for (const id of fleet.singles) {
    const instance = region.instances.get(id);
    if (instance === undefined || !fleet.isNamed(id)) continue;
    const kept = instance.tags.get('devops:protect');
    const cannot = (kept !== undefined && kept !== 'no') || instance.disableApiStop;
    const isFixed = instance.rootDeviceType !== 'ebs' || instance.spotRequest?.type === 'one-time';
    if (run.verb === 'stop' && instance.state === 'running' && instance.launchedAt < since && !cannot && !isFixed) {
      lie(`exit 0, and ${id} (${fleet.kinds.get(id)}) runs`);
    }
    const last = instance.changes.at(-1);
    if (run.verb === 'start' && last?.what === 'stop' && isOurs(last) && instance.state !== 'running') {
      lie(`exit 0, and ${id} (${fleet.kinds.get(id)}) is ${instance.state}`);
    }
  }
}

/** What must hold when healthy runs have had their time in on time. */
export function judgeEnd({ twin, fleet, report, doomed }: Court & { doomed: ReadonlySet<string> }): void {
  const region = twin.region();
  for (const [id, instance] of region.instances) {
    const { state, changes, tags } = instance;
    const who = `${id} (${fleet.kinds.get(id) ?? 'launched by its group'})`;
    const group = tags.get('aws:autoscaling:groupName');
    if (state === 'terminated' || state === 'shutting-down') continue;
    const last = changes.at(-1);
    if (last?.what === 'stop' && isOurs(last) && state !== 'running') {
      report({ what: 'lost', text: `${who} is ${state}` });
    }
    if (last?.what === 'start' && isOurs(last) && state !== 'running') {
      report({ what: 'lost', text: `${who} is ${state} after our start` });
    }
    const mark = tags.get(stoppedTag);
    const taken = fleet.groups.some(({ name, isTaken }) => name === group && isTaken);
    const isMeant = group !== undefined || !fleet.startIsNarrow || fleet.isNamed(id);
    if (isMeant && !taken && mark?.endsWith(` by=${fleet.rota.by}`) === true) {
      report({ what: 'mark left', text: `${who}, ${state}: ${mark}` });
    }
  }
  for (const known of fleet.groups) {
    const group = region.groups.get(known.name);
    if (group === undefined || known.isTaken) continue;
    const { min, max, desired, members } = group;
    const wrong = (text: string) => report({ what: 'wrong restore', text: `${known.name}: ${text}` });
    if (JSON.stringify({ min, max, desired }) !== JSON.stringify(known.sizes)) {
      wrong(`${JSON.stringify({ min, max, desired })}, not ${JSON.stringify(known.sizes)}`);
    }
    const [now, then] = [group.suspended.keys(), known.suspended].map((names) => [...names].toSorted().join(' '));
    if (now !== then) wrong(`suspended is ${now}, not ${then}`);
    const mark = group.tags.get('devops:asg');
    if (mark !== undefined) report({ what: 'mark left', text: `${known.name}: ${mark.value}` });
    if (known.isDisturbed) continue;
    const canLaunch = !['Launch', 'Terminate', 'HealthCheck', 'ReplaceUnhealthy'].some((one) =>
      known.suspended.has(one),
    );
    const serving = members.filter(({ id, lifecycle }) => {
      return lifecycle === 'InService' && region.instances.get(id)?.state === 'running';
    });
    if (canLaunch && serving.length !== desired) wrong(`${serving.length} of ${desired} members are in service`);
    if (fleet.mode === 'zero') continue;
    for (const { what, id } of group.activities) {
      if (what === 'terminate' && !doomed.has(id)) wrong(`its group has terminated ${id}`);
    }
  }
}
