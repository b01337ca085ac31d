import type { Screen } from '../../command.ts';
import type { SysinfoReport } from '../../lib/system/report.ts';
import type { Matter } from './matter.ts';
import { plural } from './layout.ts';
import { degrees } from './sensors.ts';

const named = 3;

/** What is worth a look among services, processes, containers, sensors and updates. */
export function* platformMatters(report: SysinfoReport, screen: Screen): Generator<Matter> {
  yield* serviceMatters(report);
  yield* processMatters(report);
  yield* containerMatters(report);
  for (const { chip, label, celsius, high_celsius = Infinity, critical_celsius = Infinity } of report.sensors ?? []) {
    if (celsius === undefined) continue;
    const weight = celsius >= critical_celsius ? 1.25 : celsius >= high_celsius ? 0.95 : 0;
    yield { weight, text: `${chip} ${label} is at ${degrees(celsius, screen)}` };
  }
  const { security = 0, reboot_required: reboot = false } = report.updates ?? {};
  yield {
    weight: security > 0 ? 0.75 : 0,
    text: plural(security, 'security update waits', 'security updates wait'),
  };
  yield { weight: reboot ? 0.74 : 0, text: 'a reboot is required' };
}

function* serviceMatters({ services }: SysinfoReport): Generator<Matter> {
  const { failed = [], activating = [] } = services ?? {};
  const names = failed.map(({ unit }) => unit);
  if (names.length > 0) yield { weight: 1, text: `${plural(names.length, 'service')} failed: ${listed(names)}` };
  const looping = activating.filter(({ sub }) => sub === 'auto-restart').map(({ unit }) => unit);
  if (looping.length > 0) {
    yield { weight: 0.9, text: `${plural(looping.length, 'service')} ended and will be restarted: ${listed(looping)}` };
  }
}

function* processMatters({ processes }: SysinfoReport): Generator<Matter> {
  const { blocked = 0, zombie = 0 } = processes ?? {};
  // One that reads a disk is in state D as well, for a moment.
  const weight = blocked > 0 ? Math.min(1.05, 0.62 + blocked * 0.04) : 0;
  yield { weight, text: `${plural(blocked, 'process is', 'processes are')} blocked (state D)` };
  yield { weight: zombie > 20 ? 0.8 : 0, text: `${zombie} zombie processes` };
}

function* containerMatters({ containers }: SysinfoReport): Generator<Matter> {
  const all = containers?.containers ?? [];
  const namesOf = (isBad: (container: (typeof all)[number]) => boolean) => all.filter(isBad).map(({ name }) => name);
  const unhealthy = namesOf(({ health }) => health === 'unhealthy');
  const restarting = namesOf(({ state }) => state === 'restarting');
  const dead = namesOf(({ state }) => state === 'dead');
  for (const [names, word] of [
    [unhealthy, 'unhealthy'],
    [restarting, 'restarting'],
    [dead, 'dead'],
  ] as const) {
    if (names.length > 0)
      yield { weight: 0.95, text: `${plural(names.length, 'container')} ${word}: ${listed(names)}` };
  }
}

function listed(names: readonly string[]): string {
  const others = names.length - named;
  return names.slice(0, named).join(', ') + (others > 0 ? ` and ${others} more` : '');
}
