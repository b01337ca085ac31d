import { itemError } from '../../results/item-error.ts';
import { scheduleSeed } from '../cron/hash-value.ts';
import { findingComment } from './finding-comment.ts';
import { toOnCalendar } from './on-calendar.ts';
import { ownMark } from './own-files.ts';
import type { Invoked, LintJob, RefusedJob, Rendered, RenderedFile, ScheduledJob } from './rendered.ts';
import { secondsOfRun } from './seconds-of-run.ts';
import { systemdProgram, systemdText, systemdWord } from './systemd-word.ts';

export interface SystemdSettings extends Invoked {
  /** Units of the user's own systemd, not of the system's. */
  userUnits: boolean;
  /** Account of system units; absent means root. */
  user?: string;
  /** What gethostname(2) says, for `H`. */
  host: string;
  lint: LintJob;
}

/** A oneshot service and a timer for each job, systemd.service(5) and systemd.timer(5). */
export function renderSystemd(jobs: readonly ScheduledJob[], settings: SystemdSettings): Rendered {
  const files: RenderedFile[] = [];
  const refused: RefusedJob[] = [];
  for (const job of jobs) {
    try {
      const name = `devops-${job.name}`;
      const findings = settings.lint(job, 'systemd');
      const comments = findings.map(findingComment);
      const head = [ownMark(settings.config), '# what is changed by hand in here is lost at the next --install'];
      const service = {
        name: `${name}.service`,
        content: text([...head, ...serviceLines(job, settings)]),
        findings: [],
      };
      const timer = {
        name: `${name}.timer`,
        content: text([...head, ...comments, ...timerLines(job, settings)]),
        findings,
      };
      files.push(service, timer);
    } catch (error) {
      refused.push({ job: job.name, error: itemError(error) });
    }
  }
  return { files, refused };
}

function serviceLines(job: ScheduledJob, settings: SystemdSettings): string[] {
  const { node, program, config, userUnits, user } = settings;
  const words = [program, '--config', config, 'run', job.name].map(systemdWord);
  const seconds = secondsOfRun(job);
  const isRoot = !userUnits && (user === undefined || user === 'root');
  return [
    '[Unit]',
    `Description=${systemdText(`devops run ${job.name}`)}`,
    ...(userUnits ? [] : ['Wants=network-online.target', 'After=network-online.target']),
    '',
    '[Service]',
    'Type=oneshot',
    `ExecStart=${[systemdProgram(node), ...words].join(' ')}`,
    ...(userUnits || user === undefined ? [] : [`User=${systemdText(user)}`]),
    ...(isRoot ? ['StateDirectory=devops', 'StateDirectoryMode=0700'] : []),
    `TimeoutStartSec=${seconds === undefined ? 'infinity' : Math.ceil(seconds)}`,
    'KillMode=control-group',
    '# 75: another run of it has the lock',
    'SuccessExitStatus=75',
  ];
}

function timerLines(job: ScheduledJob, { host }: SystemdSettings): string[] {
  const times = toOnCalendar(job.schedule, job.timezone, scheduleSeed(job.name, host));
  return [
    '[Unit]',
    `Description=${systemdText(`${job.schedule} ${job.timezone ?? ''}`.trim())}`,
    '',
    '[Timer]',
    ...times.map((time) => `OnCalendar=${time}`),
    // Without it a run may come a minute late.
    'AccuracySec=1s',
    ...(job.catchUp === 'latest' ? ['Persistent=true'] : []),
    ...(job.splaySeconds > 0 ? [`RandomizedDelaySec=${Math.ceil(job.splaySeconds)}`, 'FixedRandomDelay=true'] : []),
    '',
    '[Install]',
    'WantedBy=timers.target',
  ];
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
