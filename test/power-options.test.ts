import { expect, test } from 'vitest';
import { buildSpec } from '../src/spec.ts';
import type { AnyCommand } from '../src/command.ts';
import stopInstances from '../src/commands/stop-instances.ts';
import {
  guardWords,
  type GuardOptions,
  type ScheduleOptions,
  scheduleWords,
  type SelectorOptions,
  selectorWords,
} from '../src/power-options.ts';

function parse(words: readonly string[]) {
  const spec = buildSpec('stop-instances', stopInstances as AnyCommand);
  spec.parse([...words], { from: 'user' });
  return spec.opts() as unknown as SelectorOptions & ScheduleOptions & GuardOptions;
}

test.each([
  [[]],
  [['--all']],
  [['--tag', 'env=dev', '--tag', 'team', '--filters', 'Name=vpc-id,Values=a,b', '--asg', 'web-*']],
  [['--off', 'Fri 19:00 - Mon 07:00', '--tz', 'Europe/Berlin', '--holidays', 'days.txt', '--enforce']],
  [['--schedule-tag', 'maid_offhours']],
  [['--on', 'office-hours', '--group-members', 'zero', '--max', '7', '--account', '111122223333,444455556666']],
  [['--no-wait', '--wait-timeout', '90s']],
])('the options of %j give the same words back', (words) => {
  const options = parse(words);
  expect([...selectorWords(options), ...scheduleWords(options), ...guardWords(options)]).toEqual(words);
});
