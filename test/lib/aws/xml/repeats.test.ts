import fc from 'fast-check';
import { expect, test } from 'vitest';
import { element, text } from '../../../../src/lib/aws/xml/element.ts';
import { createXmlScanner } from '../../../../src/lib/aws/xml/xml-scanner.ts';

interface Child {
  name: string;
  body: string;
}

/** Reads lists of items, of which `a` and `b` are known, one document after another. */
function reader() {
  let items: string[][] = [];
  let item: string[] = [];
  let isUseless = false;
  const use = (name: string) => text((value) => item.push(`${name}=${value}`));
  const wanted = element({ a: use('c.a') }, { isUseless: () => isUseless });
  const document = element({
    list: element({
      item: element(
        { a: use('a'), b: use('b'), skip: text((value) => (isUseless = value === 'yes')), c: wanted },
        {
          enter() {
            item = [];
            isUseless = false;
          },
          leave: () => items.push(item),
        },
      ),
    }),
  });
  const scanner = createXmlScanner(document, 1e9);
  return (chunks: readonly Buffer[]) => {
    items = [];
    scanner.begin();
    for (const chunk of chunks) scanner.write(chunk);
    scanner.end();
    return items;
  };
}

/** What of an item is told, without a scanner. */
const told = (children: readonly Child[]) =>
  children.flatMap(({ name, body }) => (name === 'a' || name === 'b' ? [`${name}=${body}`] : []));

// Few names and few values, so that much comes again and much does not, and whatever might be taken for what it is not.
const value = fc.constantFrom('', '1', '2', 'a much longer value, which is longer than a few bytes', '</b', 'u>');
const plainValue = value.map((word) => word.replaceAll('<', '&lt;'));
const lookAlike = fc.constantFrom(
  '<a>no</a>',
  '<b/><a>no</a>',
  '<u>no</u>',
  '<v><u>1</u></v>',
  '<!-- </u><a>no</a> -->',
  '<![CDATA[</u></v></item><a>no</a>]]>',
  '<w x="/u>" y=">">1</w>',
  '<ux>1</ux>',
);
const known = fc.record({ name: fc.constantFrom('a', 'b'), body: fc.constantFrom('', '1', '2', 'x > y') });
const unknown = fc.record({
  name: fc.constantFrom('u', 'v', 'w', 'x', 'y'),
  body: fc.oneof(
    { weight: 4, arbitrary: plainValue },
    lookAlike,
    fc.tuple(plainValue, lookAlike).map((all) => all.join('')),
  ),
});
const child = fc.oneof({ weight: 1, arbitrary: known }, { weight: 3, arbitrary: unknown });

/** Items that are mostly made of the same few parts. */
const items = fc
  .array(fc.array(child, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 })
  .chain((parts) =>
    fc.array(
      fc.array(
        fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...parts) }, { weight: 1, arbitrary: fc.array(child) }),
        {
          maxLength: 3,
        },
      ),
      { minLength: 1, maxLength: 30 },
    ),
  )
  .map((all) => all.map((parts) => parts.flat()));

const layout = fc.constantFrom('', '\n  ');

function documentOf(all: readonly (readonly Child[])[], gap: string): Buffer {
  const one = ({ name, body }: Child) => `${gap}${body === '' ? `<${name}/>` : `<${name}>${body}</${name}>`}`;
  return Buffer.from(
    `<list>${all.map((children) => `<item>${children.map(one).join('')}${gap}</item>`).join('')}</list>`,
  );
}

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const places = [0, ...at.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

test('what comes again is passed over as it was, and nothing else is, wherever the chunks are cut', () => {
  const document = fc.record({ all: items, gap: layout, places: fc.array(fc.nat(), { maxLength: 6 }) });
  fc.assert(
    fc.property(fc.array(document, { minLength: 1, maxLength: 3 }), (documents) => {
      const read = reader();
      for (const { all, gap, places } of documents) {
        expect(read(cut(documentOf(all, gap), places))).toEqual(all.map(told));
      }
    }),
    { numRuns: 1500 },
  );
});

const sameAgain = '<u>1</u><v>2</v><w>3</w>';
const list = (...all: readonly string[]) => [
  Buffer.from(`<list>${all.map((one) => `<item>${one}</item>`).join('')}</list>`),
];

test('an element that begins as one that came before, but is another, is read', () => {
  const alike = `<a>1</a>${sameAgain}<b>2</b>`;
  const inside = `<a>1</a>${sameAgain.replace('</w>', '')}<a>no</a></w><b>3</b>`;
  const other = `<a>1</a><u>1</u><v>2</v><a>yes</a><w>3</w><b>4</b>`;
  expect(reader()(list(alike, alike, alike, inside, other, alike))).toEqual([
    ['a=1', 'b=2'],
    ['a=1', 'b=2'],
    ['a=1', 'b=2'],
    ['a=1', 'b=3'],
    ['a=1', 'a=yes', 'b=4'],
    ['a=1', 'b=2'],
  ]);
});

test('the same bytes in another element are not the same elements', () => {
  const alike = `<a>1</a>${sameAgain}`;
  const nested = `<c>${alike}<a>2</a></c>`;
  expect(reader()(list(alike, alike, alike, nested, `<a>${sameAgain.replaceAll('<', '&lt;')}</a>`))).toEqual([
    ['a=1'],
    ['a=1'],
    ['a=1'],
    ['c.a=1', 'c.a=2'],
    ['a=<u>1</u><v>2</v><w>3</w>'.replaceAll('&lt;', '<')],
  ]);
});

test('an element is passed over only where it is of no use', () => {
  const useless = '<skip>yes</skip><c><u>1</u><a>1</a></c><b>2</b>';
  const useful = '<skip>no</skip><c><u>1</u><a>1</a></c><b>2</b>';
  expect(reader()(list(useless, useful, useless, useless, useful))).toEqual([
    ['b=2'],
    ['c.a=1', 'b=2'],
    ['b=2'],
    ['b=2'],
    ['c.a=1', 'b=2'],
  ]);
});

test('a list in which every item is another stays as quick as one by one', () => {
  const many = Array.from(
    { length: 20_000 },
    (_, index) => `<u>${'x'.repeat(200)}${index}</u><v/><w>${index % 7}</w><a>${index}</a>`,
  );
  const started = performance.now();
  expect(reader()(list(...many))).toHaveLength(20_000);
  expect(performance.now() - started).toBeLessThan(5000);
});
