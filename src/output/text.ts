import type { Screen } from '../command.ts';
import type { Status, Verdict } from '../lib/results/verdict.ts';
import { type Color, paint } from '../terminal/color.ts';
import { enterLiveScreen, leaveLiveScreen } from '../terminal/live-screen.ts';
import { printable } from '../lib/text/printable.ts';
import type { RenderSetup, Renderer } from './renderer.ts';

/** Text for people in a command's own words. Off a terminal a report of one record becomes its findings, if it has any. */
export function createRenderer(setup: RenderSetup): Renderer {
  const { command, screen } = setup;
  const text = (result: unknown, on: Screen) => command.text!(result, on, setup.options);
  if (setup.live) return liveRenderer(setup, text);
  const write = (result: unknown) => `${text(result, screen)}\n`;
  return command.shape === 'one' ? reportRenderer(setup, write) : { record: write, end: () => '' };
}

/** One report. Cron and CI want the findings, a person the whole picture. */
function reportRenderer(setup: RenderSetup, write: (result: unknown) => string): Renderer {
  return {
    record(result, verdicts) {
      const findings = verdicts.filter((verdict) => verdict.status !== 'ok');
      if (setup.command.explains?.(setup.options) === true) return withoutEmptyLine(write(result));
      if (findings.length === 0) return setup.quiet ? '' : write(result);
      return setup.screen.terminal && !setup.quiet
        ? write(result)
        : findings.map((found) => findingLine(found, setup.screen)).join('');
    },
    end: () => '',
  };
}

/** Of a command that has nothing to say here. */
function withoutEmptyLine(text: string): string {
  return text === '\n' ? '' : text;
}

/** Redraws in place: home, each line cleared to its end, the rest of the screen cleared. */
function liveRenderer(setup: RenderSetup, text: (result: unknown, screen: Screen) => string): Renderer {
  const previous: unknown[] = [];
  const kept = 600;
  let last = '';
  return {
    record(result) {
      const enter = previous.length === 0 ? enterLiveScreen : '';
      last = text(result, { ...setup.screen, previous });
      previous.push(result);
      if (previous.length > kept) previous.shift();
      // The last line has no line feed, or the screen would scroll by one.
      const lines = last.split('\n').slice(0, setup.screen.rows);
      return `${enter}\u001B[H${lines.map((line) => `${line}\u001B[K`).join('\n')}\u001B[J`;
    },
    // The last picture stays on the ordinary screen, so that what was seen is not gone.
    end: () => (last === '' ? '' : `${leaveLiveScreen}${last}\n`),
  };
}

const colors: Record<Status, Color> = { ok: 'green', warning: 'yellow', critical: 'red', unknown: 'red' };

/** One finding on one line: `critical: disk /var: ...`. */
export function findingLine(verdict: Verdict, screen: Screen): string {
  const hint = verdict.hint === undefined ? '' : ` (${printable(verdict.hint)})`;
  return `${paint(screen, colors[verdict.status], verdict.status)}: ${printable(verdict.subject)}: ${printable(verdict.message)}${hint}\n`;
}
