import { describe, expect, test } from 'vitest';
import { renderAlertHtml } from '../../../src/lib/notify/render-alert-html.ts';
import { renderAlertText } from '../../../src/lib/notify/render-alert-text.ts';
import { inventedAlert, inventedSubject } from './invented-alert.ts';

/** The start tags of a text, as the HTML tokenizer finds them; fails where a `<` or `&` is no markup of ours. */
function tagsOf(html: string): { name: string; attributes: string }[] {
  const tags: { name: string; attributes: string }[] = [];
  const open: string[] = [];
  const rest = html.replace(
    /<(\/?)([a-z][a-z0-9]*|!DOCTYPE)((?: [a-z-]+(?:="[^"<>]*")?)*)>/g,
    (_, slash, name, attributes) => {
      if (slash === '/') expect(open.pop()).toBe(name);
      else {
        tags.push({ name, attributes });
        if (!['meta', '!DOCTYPE'].includes(name)) open.push(name);
      }
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>"']/);
  expect(rest.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
  return tags;
}

const hostile = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `' onmouseover='alert(1)`,
  `</pre></body><style>*{display:none}</style>`,
  'a\u202Eevil\u2066\u200Bb',
  'line\r\nBcc: evil@example.org\u0000\u001B[2J',
  '&lt;b&gt; &amp; ${x} ]]> -->',
  'שלום עולם',
].join(' ');

describe('an alert as text', () => {
  test('tells the worst first, then the run, then the output', () => {
    expect(renderAlertText(inventedAlert())).toBe(`FAILED backup-db on web1: exit code 3

The job failed.

CRITICAL /: 97% full (new)
         hint: remove old kernels
WARNING  /home: 85% full (new)

job:      backup-db
host:     web1
ended:    exit code 3
started:  2026-11-20 02:30:00 UTC
took:     2m 3s
attempts: 2
log:      /var/lib/devops/jobs/backup-db/runs/3c1d.log
output:   21 B
run:      3c1d7a1e-55a8-4c0a-8f5d-0c8f0f6b7a11

Output:

first line
last line
`);
  });

  test('has colours left out, other control characters escaped, and every line that was overwritten', () => {
    const output = '\u001B[31mred\u001B[0m \u001B]0;title\u0007x\tz\n10%\r20%\r\n\u0000\u202E\n';
    const run = { ...inventedAlert().run!, output };
    expect(renderAlertText(inventedAlert({ run }))).toContain('Output:\n\nred x\tz\n10%\n20%\n\\x00\\u202e\n');
  });

  test('shows the end of a long output and says so', () => {
    const output = Array.from({ length: 1000 }, (_, index) => `line ${index}\n`).join('');
    const text = renderAlertText(inventedAlert({ run: { ...inventedAlert().run!, output } }));
    expect(text).toContain('The end of the output:\n\nline 850\n');
    expect(text).toMatch(/line 999\n$/);
  });

  test('counts the subjects that it leaves out', () => {
    const subjects = Array.from({ length: 200 }, (_, index) =>
      inventedSubject({ subject: `host${index}`, message: 'x'.repeat(900) }),
    );
    const text = renderAlertText(inventedAlert({ subjects, moreSubjects: 7 }));
    const shown = text.match(/^CRITICAL host/gm)!.length;
    expect(text).toContain(`... and ${207 - shown} more`);
    expect(text.length).toBeLessThan(100_000);
  });
});

describe('an alert as HTML', () => {
  test('is one column of inline styles without anything that is fetched or run', () => {
    const html = renderAlertHtml(inventedAlert());
    const tags = tagsOf(html);
    const names = new Set(tags.map(({ name }) => name));
    expect([...names].toSorted()).toEqual([
      '!DOCTYPE',
      'b',
      'body',
      'div',
      'h1',
      'head',
      'html',
      'meta',
      'p',
      'pre',
      'span',
      'table',
      'td',
      'title',
      'tr',
    ]);
    expect(html).not.toMatch(/url\(|https?:|src=|href=|@import/);
    expect(html.indexOf('97% full')).toBeLessThan(html.indexOf('85% full'));
    expect(html).toMatch(/<body[^>]*>\n<div style="display:none[^>]*>\/: 97% full<\/div>/);
    expect(html).toContain('name="color-scheme" content="light dark"');
    expect(html).toMatch(/<pre [^>]*white-space:pre-wrap[^>]*>first line\nlast line<\/pre>/);
  });

  test('keeps hostile text inert wherever it stands', () => {
    const run = {
      ...inventedAlert().run!,
      ended: hostile,
      logFile: hostile,
      output: hostile,
      startedAt: hostile,
      id: hostile,
    };
    const subjects = [
      inventedSubject({ subject: hostile, message: hostile, hint: hostile, since: hostile, change: 'still' }),
    ];
    const plain = tagsOf(
      renderAlertHtml(inventedAlert({ subjects: [inventedSubject({ hint: 'x', change: 'still' })] })),
    );
    const alert = inventedAlert({ title: hostile, job: hostile, host: hostile, subjects, run });
    const html = renderAlertHtml(alert);
    const skeleton = tagsOf(html).map(({ name }) => name);
    // The same tags as without: none came from the text. Its times are none, so `took` is missing.
    const took = plain
      .map(({ name }) => name)
      .toSpliced(
        plain.findLastIndex(({ name }) => name === 'tr'),
        3,
      );
    expect(skeleton).toEqual(took);
    for (const text of [html, renderAlertText(alert)]) {
      expect(text).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u202E\u2066\u200B]/);
    }
    expect(renderAlertText(alert)).not.toMatch(/^Bcc:.*\n\n/);
    expect(html).toContain('שלום עולם');
  });

  test.for(['&', '<', 'x', '\u0000', '\n', '\u001B]', '\u001B[', '😀', '\u202E', '\r'])(
    'stays below the 100 KB that Gmail shows, and whole, with megabytes of %j',
    (unit) => {
      const megabyte = unit.repeat(1_048_576 / unit.length);
      const subjects = Array.from({ length: 200 }, () =>
        inventedSubject({ subject: megabyte, message: megabyte, hint: megabyte }),
      );
      const run = { ...inventedAlert().run!, output: megabyte, ended: megabyte, logFile: megabyte };
      const alert = inventedAlert({ title: megabyte, subjects, run });
      const started = performance.now();
      const html = renderAlertHtml(alert);
      const text = renderAlertText(alert);
      expect(performance.now() - started).toBeLessThan(3000);
      expect(Buffer.byteLength(html)).toBeLessThan(100_000);
      expect(text.length).toBeLessThan(100_000);
      expect(html.isWellFormed()).toBe(true);
      tagsOf(html);
    },
  );
});
