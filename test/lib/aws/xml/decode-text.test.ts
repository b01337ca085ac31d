import { expect, test } from 'vitest';
import { decodeText, withoutLayout } from '../../../../src/lib/aws/xml/decode-text.ts';

test.each([
  ['&lt;a&gt; &amp; &quot;b&quot; &apos;c&apos;', '<a> & "b" \'c\''],
  ['&#65;&#x42;&#X43;', 'ABC'],
  ['&#128512; &#x1F600;', '😀 😀'],
  ['&#xD83D;&#xDE00;', '😀'],
  ['&amp;lt;', '&lt;'],
  ['a\r\nb\rc&#13;', 'a\nb\nc\r'],
  ['a & b &unknown; &#; &', 'a & b &unknown; &#; &'],
  ['&#x110000;&#99999999;', '\ufffd\ufffd'],
])('%j is %j', (raw, meant) => {
  expect(decodeText(raw)).toBe(meant);
});

test('white space is layout only where a line is broken', () => {
  expect(withoutLayout('\n   ')).toBe('');
  expect(withoutLayout('   ')).toBe('   ');
  expect(withoutLayout('\n a')).toBe('\n a');
});
