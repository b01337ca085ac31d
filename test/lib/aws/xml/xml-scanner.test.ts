import { expect, test } from 'vitest';
import { element, text } from '../../../../src/lib/aws/xml/element.ts';
import { createXmlScanner } from '../../../../src/lib/aws/xml/xml-scanner.ts';

/** What is seen of `<root><item><a>..</a></item>..</root>`: texts of `a`, and ends of items. */
function read(document: string, limit = 1e6, size = 1e6): string[] {
  const seen: string[] = [];
  const item = element({ a: text((value) => seen.push(value)) }, { limit: 1000, leave: () => seen.push('end') });
  const scanner = createXmlScanner(element({ root: element({ item }) }), limit);
  const bytes = Buffer.from(document);
  for (let at = 0; at < bytes.length; at += size) scanner.write(bytes.subarray(at, at + size));
  scanner.end();
  return seen;
}

const item = (inside: string): string => `<root><item>${inside}</item></root>`;

test.each([
  ['a byte order mark', `\ufeff${item('<a>1</a>')}`, ['1', 'end']],
  ['attributes with > and quotes', item('<a b=">" c=\'"/>\'>1</a>'), ['1', 'end']],
  ['attributes of an empty element', item('<a b="/"/><a b=""  />'), ['', '', 'end']],
  ['an astral character as one reference', item('<a>&#x1F600;</a>'), ['😀', 'end']],
  ['elements within a text', item('<a>1<b>2</b>3</a>'), ['13', 'end']],
  ['an element of the same name within one that is passed over', item('<b><b/><a>1</a></b><a>2</a>'), ['2', 'end']],
  ['a name that begins with another', item('<ab>1</ab><a>2</a>'), ['2', 'end']],
  ['the names of every object', item('<constructor>1</constructor><__proto__><a>1</a></__proto__>'), ['end']],
  ['a comment with a closing tag in what is passed over', item('<b><!-- </b> --><a>1</a></b>'), ['end']],
])('%s', (_what, document, seen) => {
  expect(read(document)).toEqual(seen);
  for (const size of [1, 2, 3, 7]) expect(read(document, 1e6, size)).toEqual(seen);
});

test.each([
  ['<a>1</b>', /has a <\/b> out of place/],
  ['</item></item>', /out of place|goes on after its end/],
  ['<a<b>1</a>', /without an end|out of place/],
  ['< a>1</a>', /without a name/],
  ['<>1</>', /without a name/],
  ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', /not XML of AWS/],
  ['<![CDAT[1]]>', /not XML of AWS/],
  ['<a/ >', /without an end/],
  [`<${'n'.repeat(300)}/>`, /a name of more than 256 bytes/],
])('%j is refused', (inside, message) => {
  for (const size of [1e6, 1, 5]) expect(() => read(item(inside), 1e6, size)).toThrow(message);
});

test('a document of more bytes than allowed is refused, and so is an item', () => {
  expect(read(item('<a>1</a>'), 200)).toHaveLength(2);
  expect(() => read(item(' '.repeat(500)), 200)).toThrow('has more than 200 bytes');
  expect(() => read(item('<c></c>'.repeat(200)))).toThrow('has an item of more than 1000 bytes');
  expect(() => read(item('<c></c>'.repeat(200)), 1e6, 10)).toThrow('has an item of more than 1000 bytes');
});

test('a body without an end that says nothing costs no more for each of its bytes', () => {
  const scanner = createXmlScanner(element({ root: element({}) }), 1e9);
  scanner.write(Buffer.from('<root>'));
  const started = performance.now();
  // The end of each of these is looked for, and is either far away or written in another way.
  scanner.write(Buffer.from(`${'<c><d/></c >'.repeat(100_000)}${'<e><f><e></e></f></e>'.repeat(50_000)}`));
  scanner.write(Buffer.from(`${'<b>'.repeat(60)}${'<c></c>'.repeat(100_000)}`));
  expect(performance.now() - started).toBeLessThan(3000);
});

test('nothing is left of a document that broke off, for the one after it', () => {
  const seen: string[] = [];
  const described = element({ a: text((value) => seen.push(value)) }, { limit: 1000 });
  const scanner = createXmlScanner(element({ root: element({ item: described }) }), 1e6);
  for (const part of ['<root><item><a>half', '<root><item><b c="', '<root><item><a><![CDATA[half', '<root><it']) {
    scanner.begin();
    scanner.write(Buffer.from(part));
    expect(() => scanner.end()).toThrow(/ends in the middle/);
    scanner.begin();
    scanner.write(Buffer.from(`<root>${' '.repeat(2000)}`));
    scanner.write(Buffer.from('<item><a>whole</a></item></root>'));
    scanner.end();
  }
  expect(seen).toEqual(['whole', 'whole', 'whole', 'whole']);
});
