import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/lib/errors/user-error.ts';
import { gatherTargets, type WantedTargets } from '../../../src/lib/tls/target/gather-targets.ts';
import { targetSubject } from '../../../src/lib/tls/target/target-subject.ts';
import { make, makeKey, pem } from './trust/made-certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'devops-gather-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function wanted(wish: Partial<WantedTargets> & { input?: string }): WantedTargets {
  const { input, ...rest } = wish;
  return {
    words: [],
    lists: [],
    inventory: [],
    starttls: undefined,
    settings: {},
    passwords: [],
    stdin: () => {
      if (input === undefined) throw new Error('nobody asked for standard input');
      return Readable.from([Buffer.from(input)]);
    },
    signal: new AbortController().signal,
    ...rest,
  };
}

async function gathered(wish: Partial<WantedTargets> & { input?: string }): Promise<string[]> {
  const { targets, stored } = await gatherTargets(wanted(wish));
  return [...targets.map(targetSubject), ...stored.map(({ subject }) => `stored: ${subject}`)];
}

async function mistake(wish: Partial<WantedTargets> & { input?: string }): Promise<UserError> {
  const error = await gatherTargets(wanted(wish)).catch((failure: unknown) => failure);
  if (error instanceof UserError) return error;
  throw new Error('no UserError', { cause: error });
}

const made = pem(make({ subject: 'one.test', key: makeKey() }));

test('arguments, files and standard input are gathered in their order', async () => {
  const lists = [file('list', 'two.test\n# a comment\nthree.test:8443\n'), '-'];
  expect(await gathered({ words: ['one.test'], lists, input: 'smtp://four.test' })).toEqual([
    'one.test:443',
    'two.test:443',
    'three.test:8443',
    'smtp://four.test:25',
  ]);
});

test('certificates come through a list as well', async () => {
  const path = file('list.pem', made);
  expect(await gathered({ lists: [path] })).toEqual([`stored: ${path}`]);
  expect(await gathered({ lists: ['-'], input: made, words: ['one.test'] })).toEqual([
    'one.test:443',
    'stored: standard input',
  ]);
});

test('one target is looked at once, however often and in whatever way it is named', async () => {
  const words = ['one.test', 'ONE.test:443', 'https://one.test/path', 'one.test', '[2001:DB8:0::1]', '2001:db8::1'];
  expect(await gathered({ words })).toEqual(['one.test:443', '[2001:db8::1]:443']);
  expect(await gathered({ words: ['./certs/', './certs'] })).toHaveLength(1);
  expect(await gathered({ words: ['one.test'], lists: [file('again', 'one.test\none.test\n')] })).toHaveLength(1);
});

test('the same list twice is read once, standard input above all', async () => {
  const path = file('twice', 'one.test\n');
  expect(await gathered({ lists: [path, path, '-', '-'], input: 'two.test\n' })).toEqual([
    'one.test:443',
    'two.test:443',
  ]);
});

describe('the inventory', () => {
  const inventory = [
    'one.test',
    { target: 'two.test', owner: 'shop', address: '192.0.2.2', servername: 'shop.test', warn: '14d' },
    { target: 'mail.test', starttls: 'smtp' as const, owner: 'mail' },
  ];

  test('is looked at as a whole when nothing else is named', async () => {
    expect(await gathered({ inventory })).toEqual(['one.test:443', 'two.test:443', 'smtp://mail.test:25']);
  });

  test('only gives its settings to what is named', async () => {
    const { targets } = await gatherTargets(wanted({ inventory, words: ['https://TWO.test', 'three.test'] }));
    expect(targets).toMatchObject([
      { subject: 'two.test:443', settings: { owner: 'shop', address: '192.0.2.2', warn: [{ seconds: 14 * 86_400 }] } },
      { subject: 'three.test:443', settings: {} },
    ]);
    expect(targets[1]!.settings).toEqual({});
  });

  test('gives way to the command line', async () => {
    const settings = { servername: 'asked.test', address: '192.0.2.99' };
    const { targets } = await gatherTargets(wanted({ inventory, settings }));
    expect(targets.map((target) => target.settings)).toMatchObject([
      settings,
      { ...settings, owner: 'shop' },
      { ...settings, owner: 'mail' },
    ]);
  });

  test('names files, to which a server name is nothing', async () => {
    const path = file('in-inventory.pem', made);
    const { targets } = await gatherTargets(
      wanted({ inventory: [{ target: path, owner: 'shop' }], settings: { servername: 'asked.test' } }),
    );
    expect(targets).toEqual([{ kind: 'path', path, settings: { owner: 'shop' } }]);
  });
});

test('--starttls is for targets without a scheme, of arguments and lists', async () => {
  const lists = [file('mail', 'three.test\nhttps://four.test\n')];
  expect(await gathered({ words: ['one.test:25', 'imaps://two.test'], lists, starttls: 'smtp' })).toEqual([
    'smtp://one.test:25',
    'two.test:993',
    'smtp://three.test:25',
    'four.test:443',
  ]);
});

describe('what cannot be gathered', () => {
  test('nothing at all is a mistake with what to type instead', async () => {
    const { code, message, hints } = await mistake({});
    expect({ code, message }).toEqual({ code: 'usage', message: 'nothing to look at: no target was named' });
    expect(hints.join(' ')).toMatch(/devops ssl-expiry example\.com.*devops\.yaml/);
  });

  test('an empty list is not the whole inventory', async () => {
    for (const empty of ['', '\n\n', '# nothing\n']) {
      const { message } = await mistake({ lists: [file('empty', empty)], inventory: ['one.test'] });
      expect(message).toContain(join(folder, 'empty'));
      expect((await mistake({ lists: ['-'], input: empty, inventory: ['one.test'] })).message).toContain(
        'standard input',
      );
    }
  });

  test.each([
    ['is not there', join(folder, 'absent'), /absent.*no such file/],
    ['is a folder', folder, /folder/],
    ['has a name that no file can have', join(folder, 'x'.repeat(300)), /name too long/],
    ['lies below a file', join(file('plain', 'x'), 'below'), /not a directory/],
  ])('a list that %s', async (_, path, message) => {
    expect((await mistake({ lists: [path] })).message).toMatch(message);
  });

  test('a bad word is told of, and so is a bad line with its number', async () => {
    expect((await mistake({ words: ['one.test:99999'] })).message).toContain('one.test:99999');
    const path = file('bad', 'good.test\nbad host name here\n');
    expect((await mistake({ lists: [path] })).message).toContain(`${path}:2: `);
  });

  test('garbage of 10 MB is one mistake', async () => {
    const path = file('garbage', `${'\u{1f4a9}'.repeat(100)}\n`.repeat(25_000));
    expect((await mistake({ lists: [path] })).message.length).toBeLessThan(2_000);
  });
});

test('a list of 10,000 targets is gathered in no time', async () => {
  const text = Array.from({ length: 10_000 }, (_, index) => `host-${index}.test\n`).join('');
  const started = performance.now();
  expect(await gathered({ lists: ['-'], input: text })).toHaveLength(10_000);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('whoever waits for standard input can be called off', async () => {
  const controller = new AbortController();
  const stdin = new PassThrough();
  const gathering = gatherTargets(wanted({ lists: ['-'], stdin: () => stdin, signal: controller.signal }));
  const reason = new Error('called off');
  setTimeout(() => controller.abort(reason), 20);
  await expect(gathering).rejects.toBe(reason);
  expect(stdin.destroyed).toBe(true);
});

test('a name that could be a host or a file is a file where there is one', async () => {
  mkdirSync(join(folder, 'certs'));
  const path = file('certs/site.cert', made);
  expect(await gathered({ words: [path, 'absent.cert'] })).toEqual([path, 'absent.cert:443']);
});
