import { expect, test } from 'vitest';
import { groupQuestion, isExact, isSelected, selectGroups } from '../../../../src/lib/aws/addresses/group-selection.ts';
import { parseTagCondition } from '../../../../src/lib/aws/addresses/tag-condition.ts';

const tagged = (...texts: string[]) => selectGroups([], texts.map(parseTagCondition));

test('exact names are asked for by name, each once', () => {
  const selection = selectGroups(['web', 'api', 'web'], []);
  expect(isExact(selection)).toBe(true);
  expect(groupQuestion(selection)).toEqual({ names: ['web', 'api'] });
});

test('for a glob all groups are asked for', () => {
  const selection = selectGroups(['web', 'api-*'], []);
  expect(groupQuestion(selection)).toEqual({});
  const names = ['web', 'api-1', 'API-1', 'api', 'webs'];
  expect(names.filter((name) => isSelected(selection, { name, tags: new Map() }))).toEqual(['web', 'api-1']);
});

test('tags are asked for as the API takes them, and the rest is matched here', () => {
  expect(groupQuestion(tagged('env=prod', 'role'))).toEqual({
    filters: [
      { name: 'tag:env', values: ['prod'] },
      { name: 'tag-key', values: ['role'] },
    ],
  });
  expect(groupQuestion(tagged('env=pr*')).filters).toEqual([{ name: 'tag-key', values: ['env'] }]);
  expect(groupQuestion(tagged('env=')).filters).toEqual([{ name: 'tag-key', values: ['env'] }]);
});

test('the same key again is another value, in whatever order it comes with the key alone', () => {
  for (const words of [
    ['env', 'env=a', 'env=b'],
    ['env=a', 'env', 'env=b'],
  ]) {
    expect(tagged(...words).tags).toEqual([{ key: 'env', values: ['a', 'b'] }]);
  }
});

test('keys are exact, values may be globs', () => {
  const tags = new Map([['env', 'production']]);
  const isIn = (text: string) => isSelected(tagged(text), { name: 'web', tags });
  expect(['env', 'env=prod*', 'env=production'].every(isIn)).toBe(true);
  expect(['Env', 'env=Prod*', 'env=prod', 'env='].some(isIn)).toBe(false);
});

test.each([
  ['', 'an empty word is no name'],
  ['x'.repeat(256), `'${'x'.repeat(40)}...', with 256 characters, is no name`],
])('%j is no name of a group', (word, message) => {
  expect(() => selectGroups(['web', word], [])).toThrow(message);
});
