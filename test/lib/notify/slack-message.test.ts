import { expect, test } from 'vitest';
import { slackMessage } from '../../../src/lib/notify/slack-message.ts';
import { inventedAlert, inventedSubject } from './invented-alert.ts';

test('hostile text calls nobody, is no link and does not leave the code', () => {
  const hostile = '<!channel> <https://evil.example.org|click> & ``` *x*';
  const subjects = [inventedSubject({ subject: hostile, message: hostile, hint: hostile })];
  const run = { ...inventedAlert().run!, output: `${hostile}\n`, ended: hostile };
  const { text, blocks } = slackMessage(inventedAlert({ title: hostile, subjects, run }));
  const marked = [text, ...blocks.flatMap((block) => (block.type === 'section' ? [block.text.text] : []))];
  for (const each of marked) expect(each).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
  expect(marked.at(-1)!.match(/```/g)).toHaveLength(2);
});

test.for(['&', 'x', '\u0000', '\n', '😀', '`'])('megabytes of %j stay within the limits of Slack', (unit) => {
  const megabyte = unit.repeat(1_048_576 / unit.length);
  const subjects = Array.from({ length: 200 }, () =>
    inventedSubject({ subject: megabyte, message: megabyte, hint: megabyte }),
  );
  const run = { ...inventedAlert().run!, output: megabyte, ended: megabyte, logFile: megabyte };
  const { text, blocks } = slackMessage(inventedAlert({ title: megabyte, subjects, run }));
  expect(blocks.length).toBeLessThanOrEqual(50);
  for (const block of blocks) {
    expect(block.text.text.length).toBeLessThanOrEqual(block.type === 'header' ? 150 : 3000);
    expect(block.text.text.isWellFormed()).toBe(true);
  }
  // Measured by others: all blocks together are refused from about 13,000 characters on.
  expect(JSON.stringify(blocks).length).toBeLessThan(13_000);
  expect(text.length).toBeLessThan(3000);
});
