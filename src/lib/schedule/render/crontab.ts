import { UserError } from '../../errors/user-error.ts';
import { itemError } from '../../results/item-error.ts';
import { findingComment } from './finding-comment.ts';
import { scheduleSeed } from '../cron/hash-value.ts';
import { expressionsInZone } from './convert-zone.ts';
import { beginLine, endLine } from './crontab-block.ts';
import type { Invoked, LintJob, RefusedJob, Rendered, ScheduledJob, ScheduleFinding } from './rendered.ts';
import { shellWord } from './shell-word.ts';

export interface CrontabSettings extends Invoked {
  /** The zone of the cron daemon: that of the machine, whatever TZ says here. */
  machineZone: string;
  /** Unix seconds. */
  now: number;
  /** What gethostname(2) says, for `H`. */
  host: string;
  lint: LintJob;
}

/** As systemd has it for services, so that a job finds the same programs on both. */
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** MAX_COMMAND of Debian's cron is 1000 with the zero at its end; what is longer makes it refuse the whole crontab. */
const longestCommand = 998;

/**
 * The block of a crontab(5) that runs these jobs. It has nothing but comments and job lines: a variable set in a crontab
 * holds for every line below it, also for those of the user. PATH is set in each line for that one command.
 */
export function renderCrontab(jobs: readonly ScheduledJob[], settings: CrontabSettings): Rendered {
  const lines: string[] = [];
  const refused: RefusedJob[] = [];
  const findings: ScheduleFinding[] = [];
  for (const job of jobs) {
    try {
      const command = crontabCommand(job, settings);
      const zone = job.timezone ?? settings.machineZone;
      const expressions = expressionsInZone({
        expression: job.schedule,
        seed: scheduleSeed(job.name, settings.host),
        from: zone,
        to: settings.machineZone,
        now: settings.now,
      });
      const found = settings.lint(job, 'crontab');
      findings.push(...found);
      if (zone !== settings.machineZone) lines.push(`# ${job.name}: ${job.schedule} ${zone}`);
      lines.push(...found.map(findingComment), ...expressions.map((expression) => `${expression} ${command}`));
    } catch (error) {
      refused.push({ job: job.name, error: itemError(error) });
    }
  }
  const content = [
    beginLine(settings.config),
    `# made by 'devops schedule render'; what is changed by hand in here is lost at the next --install`,
    ...lines,
    endLine,
    '',
  ].join('\n');
  return { files: [{ name: 'crontab', content, findings }], refused };
}

/** cron reads a bare % as the end of the line (crontab(5)). */
function crontabCommand(job: ScheduledJob, { node, program, config }: Invoked): string {
  const splay = job.splaySeconds > 0 ? ['--splay'] : [];
  const words = [node, program, '--config', config, 'run', ...splay, job.name].map(shellWord);
  if (words.some((word) => word.includes('\\%'))) {
    throw new UserError('cron cannot tell a backslash before a percent sign from an escaped percent sign', {
      hints: ['give the folder of devops or of devops.yaml another name'],
    });
  }
  const command = `PATH=${path} ${words.join(' ')}`.replaceAll('%', String.raw`\%`);
  if (Buffer.byteLength(command) <= longestCommand) return command;
  throw new UserError(`the command of the job ${job.name} is longer than the ${longestCommand} bytes that cron takes`, {
    hints: ['move devops.yaml to a folder with a shorter name'],
  });
}
