import { expect, test } from 'vitest';
import { parseOsRelease, readOsRelease } from '../../../src/lib/system/os-release.ts';
import { fakeMachine } from './fake-machine.ts';

test('values stand bare, in double quotes with escapes, or in single quotes as they are', () => {
  const text = String.raw`
# comment
ID=debian
NAME="A \"quoted\" \$name \\ here"
PRETTY_NAME='Single \n quoted'
EMPTY=
  VERSION_ID="13"
not a variable
lower=case
`;
  expect(Object.fromEntries(parseOsRelease(text))).toEqual({
    ID: 'debian',
    NAME: String.raw`A "quoted" $name \ here`,
    PRETTY_NAME: String.raw`Single \n quoted`,
    EMPTY: '',
    VERSION_ID: '13',
  });
});

test('/etc goes before /usr/lib, and without both there are no variables', () => {
  const both = { '/etc/os-release': 'ID=first\n', '/usr/lib/os-release': 'ID=second\n' };
  expect(readOsRelease(fakeMachine(both)).get('ID')).toBe('first');
  expect(readOsRelease(fakeMachine({ '/usr/lib/os-release': 'ID=second\n' })).get('ID')).toBe('second');
  expect(readOsRelease(fakeMachine({})).size).toBe(0);
});
