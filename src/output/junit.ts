import type { Verdict } from '../lib/results/verdict.ts';
import { closingVerdicts, type RenderSetup, type Renderer } from './renderer.ts';

/**
 * JUnit XML as CI servers read it: one test case a judgement, `failure` for a crossed limit, `error` for what could not
 * be told. With --fail-on critical a warning is a passed case that says so in `system-out`.
 */
export function createRenderer(setup: RenderSetup): Renderer {
  const seen: Verdict[] = [];
  return {
    record(_result, verdicts) {
      for (const verdict of verdicts) seen.push(verdict);
      return '';
    },
    end(ending) {
      const verdicts = closingVerdicts(setup.name, seen, ending);
      const seconds = ((setup.now().getTime() - setup.startedAt.getTime()) / 1000).toFixed(3);
      // How long one of many took is not known.
      const caseSeconds = verdicts.length === 1 ? seconds : '0';
      const cases = verdicts.map((verdict) => testCase(verdict, caseSeconds, setup));
      const failures = verdicts.filter((verdict) => fails(verdict, setup)).length;
      const errors = verdicts.filter((verdict) => verdict.status === 'unknown').length;
      const counts = `tests="${verdicts.length}" failures="${failures}" errors="${errors}" skipped="0" time="${seconds}"`;
      const name = attribute(`devops ${setup.name}`);
      const timestamp = setup.startedAt.toISOString().slice(0, 19);
      return [
        '<?xml version="1.0" encoding="UTF-8"?>',
        `<testsuites name=${name} ${counts}>`,
        `  <testsuite name=${name} ${counts} timestamp="${timestamp}">`,
        ...cases,
        '  </testsuite>',
        '</testsuites>',
        '',
      ].join('\n');
    },
  };
}

function fails(verdict: Verdict, { failOn }: RenderSetup): boolean {
  return verdict.status === 'critical' || (verdict.status === 'warning' && failOn === 'warning');
}

function testCase(verdict: Verdict, seconds: string, setup: RenderSetup): string {
  const className = `devops.${setup.name.replaceAll(' ', '.')}`;
  const open = `    <testcase classname=${attribute(className)} name=${attribute(`${verdict.subject}: ${verdict.code}`)} time="${seconds}"`;
  const detail = verdict.hint === undefined ? verdict.message : `${verdict.message}\n${verdict.hint}`;
  if (verdict.status === 'ok') return `${open}/>`;
  if (verdict.status === 'warning' && setup.failOn === 'critical') {
    return `${open}>\n      <system-out>${text(`warning: ${detail}`)}</system-out>\n    </testcase>`;
  }
  const whole = verdict.detail === undefined ? detail : `${detail}\n\n${verdict.detail}`;
  const element = verdict.status === 'unknown' ? 'error' : 'failure';
  const attributes = `type=${attribute(verdict.status)} message=${attribute(verdict.message)}`;
  return `${open}>\n      <${element} ${attributes}>${text(whole)}</${element}>\n    </testcase>`;
}

/** XML 1.0 has no way to write most control characters, not even as a reference. */
function text(value: string): string {
  return (
    value
      // eslint-disable-next-line no-control-regex -- exactly those that XML 1.0 section 2.2 forbids
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
  );
}

function attribute(value: string): string {
  const escaped = text(value).replaceAll('"', '&quot;').replaceAll('\t', '&#9;').replaceAll('\n', '&#10;');
  return `"${escaped.replaceAll('\r', '&#13;')}"`;
}
