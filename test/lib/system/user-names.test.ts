import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { createProbe } from '../../../src/lib/system/probe.ts';
import { parsePasswd, readUserNames } from '../../../src/lib/system/user-names.ts';
import { fakeMachine } from './fake-machine.ts';

test('the first name of a uid counts, and lines that name nobody are left out', () => {
  const text =
    'root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\n+::::::\n-bob:x:5:5::\n:x:6:6\nhalf:x\nneg:x:-1:1\n\nal\x1bice:x:7:7\n';
  expect([...parsePasswd(text)]).toEqual([
    [0, 'root'],
    [7, String.raw`al\x1bice`],
  ]);
});

test('a machine without users has no names, and a list that cannot be read is an error', () => {
  expect(readUserNames(fakeMachine({}), 'processes').size).toBe(0);
  const broken = fakeMachine({ '/etc/passwd/folder': '' });
  expect(readUserNames(broken, 'processes').size).toBe(0);
  expect(broken.errors).toMatchObject([{ section: 'processes', subject: '/etc/passwd' }]);
});

test('whoever runs this test has a name', () => {
  const { uid, username } = userInfo();
  expect(readUserNames(createProbe(), 'users').get(uid)).toBe(username);
});
