import type { Verdict } from '../lib/results/verdict.ts';
import { printable } from '../lib/text/printable.ts';
import { failureVerdict, type RenderSetup, type Renderer } from './renderer.ts';

/** GitHub shows ten annotations of a kind for a step and drops the rest without a word. */
const perKind = 10;

/** Workflow commands for stderr, beside the text on stdout: one annotation a judgement that is not ok. */
export function createRenderer(setup: RenderSetup): Renderer {
  const counts = { error: 0, warning: 0 };
  const annotate = (verdict: Verdict): string => {
    if (verdict.status === 'ok') return '';
    const kind = verdict.status === 'warning' ? 'warning' : 'error';
    counts[kind]++;
    // The last place of a kind is kept for the line that counts what is not shown.
    if (counts[kind] >= perKind) return '';
    const detail = verdict.hint === undefined ? verdict.message : `${verdict.message} (${verdict.hint})`;
    return `::${kind} title=${property(`devops ${setup.name}: ${verdict.subject}`)}::${data(detail)}\n`;
  };
  const rest = (kind: 'error' | 'warning'): string => {
    const hidden = counts[kind] - (perKind - 1);
    return hidden > 0
      ? `::${kind} title=${property(`devops ${setup.name}`)}::and ${hidden} more of this kind, see the log\n`
      : '';
  };
  return {
    record: (_result, verdicts) => verdicts.map(annotate).join(''),
    end({ verdicts, failure }) {
      const closing = failure === undefined ? verdicts : [...verdicts, failureVerdict(setup.name, failure)];
      return closing.map(annotate).join('') + rest('error') + rest('warning');
    },
  };
}

/** Line ends have an escape here; what else could move a cursor has none, and a log is read on screens, too. */
function data(value: string): string {
  const visible = value.replace(/[^\r\n]+/g, printable);
  return visible.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(value: string): string {
  return data(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
