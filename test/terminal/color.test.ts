import { expect, test } from 'vitest';
import { paint, wantsColor } from '../../src/terminal/color.ts';

// When a run has colours, and when characters beyond ASCII, is in test/contract/messages.test.ts.

test('a colour ends where its text ends, so that one inside of another is possible', () => {
  const screen = { color: true };
  expect(paint(screen, 'bold', `a${paint(screen, 'red', 'b')}c`)).toBe('\u001B[1ma\u001B[31mb\u001B[39mc\u001B[22m');
});

test('without colours a text is itself, and nothing is not painted', () => {
  expect(paint({ color: false }, 'red', 'a')).toBe('a');
  expect(paint({ color: true }, 'red', '')).toBe('');
});

test.each([
  [{ FORCE_COLOR: '1', TERM: 'dumb' }, false, true],
  [{ FORCE_COLOR: 'true' }, false, true],
  [{ FORCE_COLOR: 'false' }, true, false],
  [{ FORCE_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '' }, false, false],
])('%j, on a terminal: %s, means colour: %s', (env, isTerminal, colored) => {
  expect(wantsColor(env, isTerminal, false)).toBe(colored);
});
