import { expect, test } from 'vitest';
import { createSummary } from '../../src/output/markdown.ts';
import { printable } from '../../src/lib/text/printable.ts';
import type { Status, Verdict } from '../../src/lib/results/verdict.ts';
import { hostileNames } from '../support/invented/record-commands.ts';
import { readMarkdown } from '../support/read-markdown.ts';
import { runDevops } from '../support/run-devops.ts';

const mebibyte = 1024 * 1024;

const summaryOf = (verdicts: readonly Verdict[], room = mebibyte) => {
  const summary = createSummary({ name: 'check' });
  summary.add(verdicts);
  return summary.end({ verdicts: [] }, room);
};
const verdict = (subject: string, more: Partial<Verdict> = {}): Verdict => {
  return { status: 'critical', subject, code: 'c', message: 'm', ...more };
};

test('the worst stands first, what could not be told above what is only a warning, and all are counted', async () => {
  const { code, stdout } = await runDevops('many ok warning critical unknown ok --closing critical -o markdown');
  expect(code).toBe(2);
  expect(stdout).toBe(
    [
      '### devops many: 2 critical, 1 unknown, 1 warning, 2 ok',
      '',
      '| status | subject | message |',
      '| --- | --- | --- |',
      '| **critical** | c | c is critical<br>look at c |',
      '| **critical** | the whole | it is critical |',
      '| **unknown** | d | d is unknown<br>look at d |',
      '| **warning** | b | b is warning<br>look at b |',
      '| ok | a | a is ok<br>look at a |',
      '| ok | e | e is ok<br>look at e |',
      '',
    ].join('\n'),
  );
});

test('a run that judged nothing and one that broke say so', async () => {
  expect((await runDevops('many -o markdown')).stdout).toContain('| **unknown** | many | nothing was judged |');
  const broken = await runDevops('breaks expected -o markdown');
  expect(broken.stdout).toContain('1 critical, 1 unknown, 1 ok');
  expect(broken.stdout).not.toContain('hunter22');
});

test('-q leaves nothing out: a summary with a part of it would say something else', async () => {
  const { stdout } = await runDevops('many ok critical -q -o markdown');
  expect(stdout).toContain('1 critical, 1 ok');
});

const active = [
  ...hostileNames,
  '*bold* _it_ __b__ a_b_c ~~gone~~ `code` ``two`` [link](http://x.y) ![image](x) <b>b</b> &lt; &#124; | \\| \\',
  'https://example.org/a_b http://x www.example.org WWW.x.y mail@example.org',
  '@team-of-ops #12 GH-1 org/repo#4',
  '$x$ $$y$$ $`z`$',
  '<!-- --><script>alert(1)</script></details></pre>',
  '# head\n## two\n- list\n> quote\n```\nfence\n| a | b |\n| --- | --- |',
  '\u001B[2K::error::x\r\n::endgroup::',
];

test.each(active)('%j is shown as itself: no mark-up, no link, no row of its own', async (text) => {
  const { cells, rest } = await readMarkdown(
    summaryOf([verdict(text, { message: text, hint: text }), verdict('last')]),
  );
  const shown = printable(text);
  expect(rest).toEqual([]);
  expect(cells).toEqual([
    ['critical', shown, shown + shown],
    ['critical', 'last', 'm'],
  ]);
});

test('what is active in Markdown is harmless in every order', async () => {
  const pieces = ['*', '_', '__', '`', '``', '|', '\\', '<', '>', '&', '[', '](', ')', '!', '~~', '$', '@a', 'www.a.b'];
  const others = ['://', 'http', 'a', ' ', '&lt;', '#1', '<b>', '-', 'ü', '\n', '\t', ':', '"', "'", 'x_y', '&#42;'];
  const all = [...pieces, ...others];
  let state = 20261120;
  const random = (below: number) => (state = (state * 48271) % 2147483647) % below;
  const texts = Array.from({ length: 400 }, () => {
    return Array.from({ length: 1 + random(12) }, () => all[random(all.length)]).join('');
  });
  const { cells, rest } = await readMarkdown(summaryOf(texts.map((text) => verdict(`x${text}x`))));
  expect(rest).toEqual([]);
  expect(cells.map(([, subject]) => subject)).toEqual(texts.map((text) => printable(`x${text}x`)));
});

test('the end of the output stands below the table, and cannot leave its place', async () => {
  const detail = 'one\n</pre></details><h1>&amp;\n\n```\n| a |\n::error::x\n\u001B[31mred\u0007\u202E\n';
  const { cells, rest } = await readMarkdown(summaryOf([verdict('job', { detail })]));
  expect(cells).toHaveLength(1);
  const shown = detail.trimEnd().split('\n').map(printable).join('\n');
  const escaped = shown.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  expect(rest).toEqual([
    '<details><summary>job: the end of its output</summary>',
    `<pre>\n${escaped}\n</pre>`,
    '</details>',
  ]);
});

test('a text of a megabyte is cut, and no other row is lost', async () => {
  const text = summaryOf([verdict('x'.repeat(mebibyte), { message: '<'.repeat(mebibyte) }), verdict('small')]);
  expect(text.length).toBeLessThan(10_000);
  const { cells } = await readMarkdown(text);
  expect(cells[0]![1]).toBe(`${'x'.repeat(1000)} …`);
  expect(cells[1]).toEqual(['critical', 'small', 'm']);
});

test('below 1 MiB in bytes, whatever there is: the worst is kept, and what is left out is counted', async () => {
  const statuses: Status[] = ['ok', 'warning', 'unknown', 'critical'];
  const verdicts = statuses.flatMap((status) => {
    return Array.from({ length: 10_000 }, (_, at) =>
      verdict(`日本 ${status} ${at}`, { status, detail: 'd'.repeat(50) }),
    );
  });
  const text = summaryOf(verdicts);
  expect(Buffer.byteLength(text)).toBeLessThan(mebibyte);
  expect(Buffer.byteLength(text)).toBeGreaterThan(0.9 * mebibyte);
  expect(text).toMatch(/^### devops check: 10000 critical, 10000 unknown, 10000 warning, 10000 ok\n/);
  const rows = text.split('\n').filter((line) => /^\| (?:ok|\*\*)/.test(line));
  expect(rows.slice(0, 10_000).every((row) => row.startsWith('| **critical**'))).toBe(true);
  expect(rows.at(-1)).toMatch(/^\| \*\*(?:unknown|warning)/);
  const left = [...text.matchAll(/(\d+) (?:unknown|warning|ok)\b(?=.*more, for which)/g)];
  const missing = left.reduce((sum, [, count]) => sum + Number(count), 0);
  expect(rows.length + missing).toBe(40_000);
});

test('where there is less room there is less, and nothing where not even the head has room', () => {
  const verdicts = Array.from({ length: 50 }, (_, at) => verdict(`subject ${at}`, { detail: 'output\n'.repeat(20) }));
  for (const room of [0, 100, 300, 500, 2000, 10_000]) {
    const text = summaryOf(verdicts, room);
    expect(Buffer.byteLength(text), String(room)).toBeLessThanOrEqual(room);
    expect(text === '', String(room)).toBe(room < 300);
  }
  expect(summaryOf(verdicts, 500)).toContain('more, for which there is no room here.');
});
