import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { bold, definition, example, literal, paragraphs, prose, section } from '../../scripts/docs/roff.ts';
import { escapeText, table } from '../../scripts/docs/markdown.ts';
import { requireProgram } from '../support/services.ts';

const mandoc = requireProgram('mandoc', 'the man pages are not checked by mandoc');

function rendered(lines: readonly string[]): string {
  const page = ['.TH TEST 1 "2026-01-01" "test" "test"', '.nh', '.ad l', ...section('NAME', ...lines)].join('\n');
  const { stdout } = spawnSync(mandoc!, ['-T', 'utf8', '-O', 'width=300'], { input: `${page}\n`, encoding: 'utf8' });
  // eslint-disable-next-line no-control-regex -- bold characters are printed twice, with a backspace between
  return stdout.replaceAll(/.\u0008/gu, '');
}

test
  .skipIf(mandoc === undefined)
  .for([
    `.hidden 'quoted' "twice" -o --long-option \\n \\fB ~/x ^ \`run\``,
    `'request`,
    '..',
    `-- - .`,
    '${fpath[1]}/_devops',
    'Grüße → 😀',
  ])('what is typed is shown as it is: %s', (line) => {
  expect(rendered(example('Example.', [line]))).toContain(`    ${line}\n`);
});

test.skipIf(mandoc === undefined)('prose keeps its options, and code becomes bold', () => {
  const text = "take --dry-run (-n), don't use well-known `a\\b-c`; .dots at\nthe start";
  expect(rendered(paragraphs([prose(text)]))).toContain(
    "take --dry-run (-n), don't use well-known a\\b-c; .dots at the start",
  );
});

test('a hyphen of an option is a minus, one of a word is not', () => {
  expect(prose('use --dry-run in well-known ways')).toBe(String.raw`use \-\-dry\-run in well-known ways`);
  expect(literal('a-b')).toBe(String.raw`a\-b`);
});

test('no line begins with a dot or a quote by accident, also when a long text is broken there', () => {
  const text = `${'x'.repeat(70)} .after ${'y'.repeat(70)} 'quote`;
  const lines = [...paragraphs([text]), ...definition(bold('.x'), `.${text}`)];
  expect(lines.filter((line) => /^[.'](?!TP$)/.test(line))).toEqual([]);
});

test('Markdown escapes what is no markup, and nothing inside code', () => {
  expect(escapeText('a * b <c> [d] used_pct _e_ `*<_`')).toBe(String.raw`a \* b \<c> \[d\] used_pct \_e\_ ` + '`*<_`');
  expect(table(['A', 'B', 'C'], [['1|2', '', 'x\ny']])).toBe('| A | C |\n| --- | --- |\n| 1\\|2 | x y |');
});
