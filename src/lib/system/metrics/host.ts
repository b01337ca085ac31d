import { scalarsOf } from './scalar-metric.ts';
import { errorsOf, messageOf } from './system-metric.ts';
import type { SystemMetric } from './system-metric.ts';

const os = scalarsOf('os');
const updates = scalarsOf('updates');
// A session whose record cannot be read is not in the count.
const users = scalarsOf('users', { doubt: (_, report) => errorsOf(report, 'users').map(messageOf)[0] });

const notCounted = { absent: 'nothing on this machine counts the updates' };

/** The metrics of os, updates and users. */
export const hostMetrics: readonly SystemMetric[] = [
  os('os.uptime', 'seconds', 'Time since boot.', (section) => section.uptime_seconds),
  os(
    'os.clock_synchronized',
    'boolean',
    'Whether systemd-timesyncd has set the clock; only where it runs.',
    (section) => section.clock_synchronized,
    {
      absent: 'nothing here tells whether the clock is set',
    },
  ),
  updates(
    'updates.pending',
    'count',
    'Packages that could be upgraded, as far as the package manager has counted.',
    (section) => section.pending,
    notCounted,
  ),
  updates(
    'updates.security',
    'count',
    'Those of them that are security updates.',
    (section) => section.security,
    notCounted,
  ),
  updates(
    'updates.reboot_required',
    'boolean',
    'Whether an upgrade asks for a reboot.',
    (section) => section.reboot_required,
  ),
  updates(
    'updates.cache_age',
    'seconds',
    'Time since the package lists were last refreshed.',
    ({ cache_time: refreshed }, report) =>
      refreshed === undefined ? undefined : (Date.parse(report.time) - Date.parse(refreshed)) / 1000,
    { absent: 'the package lists were never refreshed here' },
  ),
  users('user.sessions', 'count', 'Sessions of people who are logged in.', (sessions) => sessions.length),
];
