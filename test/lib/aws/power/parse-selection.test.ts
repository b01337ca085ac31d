import { expect, test } from 'vitest';
import {
  fitsTags,
  hasKeys,
  parseSelection,
  questionOf,
  selectionText,
} from '../../../../src/lib/aws/power/parse-selection.ts';

const nothing = { ids: [], tag: [], filters: [], asg: [] };

test('selectors become filters that are joined by and', () => {
  const selection = parseSelection({
    ids: ['i-0123456789abcdef0', 'i-01234567', 'i-01234567'],
    tag: ['env=dev,prod', 'team'],
    filters: ['Name=instance-type,Values=t3.micro,t3.small', ' Name=vpc-id, Values=vpc-1'],
    asg: ['web-*'],
  });
  expect(questionOf(selection)).toEqual({
    ids: ['i-0123456789abcdef0', 'i-01234567'],
    filters: [
      { name: 'tag:env', values: ['dev', 'prod'] },
      { name: 'instance-type', values: ['t3.micro', 't3.small'] },
      { name: 'vpc-id', values: ['vpc-1'] },
      { name: 'tag:aws:autoscaling:groupName', values: ['web-*'] },
      { name: 'tag-key', values: ['team'] },
    ],
  });
  expect(selectionText(selection)).toBe(
    'i-0123456789abcdef0 i-01234567 --tag env=dev,prod --tag team --filters Name=instance-type,Values=t3.micro,t3.small --filters Name=vpc-id,Values=vpc-1 --asg web-*',
  );
});

test.each([
  ['k=', ['']],
  ['k=a', ['a']],
  ['k=a=b', ['a=b']],
  ['k=a,', ['a', '']],
  [',=x', ['x']],
  [String.raw`k=a\,b,c`, ['a,b', 'c']],
  [String.raw`k=a\*`, [String.raw`a\*`]],
  ['k=zwei wörter', ['zwei wörter']],
])('--tag %s has the values %j', (text, values) => {
  expect(parseSelection({ ...nothing, tag: [text] }).tags.map((tag) => tag.values)).toEqual([values]);
});

test('more values than a filter has room for are refused', () => {
  const many = Array.from({ length: 201 }, (_, at) => at).join(',');
  expect(() => parseSelection({ ...nothing, tag: [`k=${many}`] })).toThrow('a filter has room for 200 values');
});

test('tags that are known here are compared as the API does: case counts, * and ? are any', () => {
  const selection = parseSelection({ ...nothing, tag: ['env=dev*', 'team'] });
  const tags = (env: string) =>
    new Map([
      ['env', env],
      ['team', ''],
    ]);
  expect(fitsTags(selection, tags('dev-1'))).toBe(true);
  expect(fitsTags(selection, tags('Dev-1'))).toBe(false);
  expect(fitsTags(selection, new Map([['env', 'dev']]))).toBe(false);
  expect(hasKeys(new Map([['a', '']]), ['a', 'b'])).toBe(false);
});
