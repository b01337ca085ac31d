import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readJournal } from '../../../../src/lib/logs/journal/read-journal.ts';
import type { JournalRequest } from '../../../../src/lib/logs/journal/journal-arguments.ts';
import { requireProgram } from '../../../support/services.ts';

const journalctl = requireProgram('journalctl', 'no real journal is read');

let folder: string;
let journal: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'devops-journal-'));
  journal = join(folder, 'journal');
  mkdirSync(journal);
  // Invented entries, from 1,700,000,000 on mostly one a second, written by systemd-journal-remote 252.
  writeFileSync(join(journal, 'web1.journal'), gunzipSync(readFileSync(join(import.meta.dirname, 'web1.journal.gz'))));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(request: Partial<JournalRequest>, env: Record<string, string | undefined> = process.env) {
  const whole: JournalRequest = { units: [], follow: false, zoneName: 'UTC', ...request };
  const chunks = readJournal(whole, { env, signal: AbortSignal.timeout(20_000) });
  const parts: Buffer[] = [];
  for (;;) {
    const next = await chunks.next();
    if (next.done === true) return { ...next.value, text: Buffer.concat(parts).toString('latin1') };
    parts.push(next.value);
  }
}

/** The messages of a search in the real journal, without what is before them in their line. */
async function messages(request: Partial<JournalRequest>): Promise<string[]> {
  const { text, problems } = await read({ directory: journal, ...request });
  expect(problems).toEqual([]);
  return Array.from(text.matchAll(/^\S+ web1 \S+: (.*)$/gm), ([, message]) => message!);
}

describe.skipIf(journalctl === undefined)('of a real journal', () => {
  test('every line comes as it was logged, with a time to the microsecond, and no note of journalctl', async () => {
    const { text, problems, cursor } = await read({ directory: journal });
    expect(problems).toEqual([]);
    expect(text.startsWith('2023-11-14T22:13:20.000000+0000 web1 app[12]: priority 0\n')).toBe(true);
    expect(text).not.toMatch(/^-- /m);
    expect(text).toMatch(/: several\n +-- cursor: s=0;t=1\n +\n +lines\n/);
    expect(text).toContain(': \x1b[31mred\x1b[0m\n');
    expect(text).toContain(`: long ${'x'.repeat(70_000)}\n`);
    expect(text).toContain('Latin \xc3\xa9, not UTF-8: \xff\n');
    expect(text.match(/^2023/gm)).toHaveLength(17);
    expect(cursor).toMatch(/^s=[0-9a-f]+;i=11;.*;t=60a2418f3df82;/);
  });

  test('only the units that were asked for are read', async () => {
    expect(await messages({ units: ['nginx'] })).toEqual(['priority 1', 'priority 3', 'priority 5', 'priority 7']);
    expect(await messages({ units: ['-.mount', 'ngin*'], sinceSeconds: 1_700_000_007 })).toEqual([
      'priority 7',
      'root',
    ]);
    expect(await messages({ units: ['no-such'] })).toEqual([]);
  });

  test('the window includes its first microsecond and not its last', async () => {
    expect(await messages({ sinceSeconds: 1_700_000_001, untilSeconds: 1_700_000_003 })).toEqual([
      'priority 1',
      'priority 2',
    ]);
    expect(await messages({ sinceSeconds: 1_700_000_014.000001, untilSeconds: 1_700_000_014.000002 })).toEqual([
      'at .000001',
    ]);
    expect(await messages({ sinceSeconds: 1_700_000_014, untilSeconds: 1_700_000_014 })).toEqual([]);
  });

  test('levels are those with which entries were logged, within the units', async () => {
    expect(await messages({ levels: new Set(['emergency', 'critical', 'error']) })).toEqual([
      'priority 0',
      'priority 2',
      'priority 3',
    ]);
    expect(await messages({ levels: new Set(['alert', 'critical']), units: ['nginx'] })).toEqual(['priority 1']);
    expect(await messages({ levels: new Set() })).toEqual([]);
  });

  test('a cursor goes on behind the last line, and stays when there is nothing new', async () => {
    const first = await read({ directory: journal, untilSeconds: 1_700_000_013 });
    const second = await read({ directory: journal, afterCursor: first.cursor! });
    const third = await read({ directory: journal, afterCursor: second.cursor! });
    expect(first.text + second.text).toBe((await read({ directory: journal })).text);
    expect(third).toEqual({ text: '', cursor: second.cursor, problems: [] });
    expect(await read({ directory: journal, lines: 0 })).toEqual({ text: '', cursor: second.cursor, problems: [] });
    const empty = { directory: journal, afterCursor: first.cursor!, untilSeconds: 0 };
    expect(await read(empty)).toEqual({ text: '', cursor: first.cursor, problems: [] });
  });

  test('times are in the zone that was asked for', async () => {
    const { text } = await read({ directory: journal, zoneName: '+05:30', lines: 1 });
    expect(text).toBe('2023-11-15T03:43:34.000002+0530 web1 app[12]: at .000002\n');
  });

  test('following goes on until the signal, which is thrown', async () => {
    const controller = new AbortController();
    const request: JournalRequest = { units: [], follow: true, directory: journal, lines: 2 };
    const chunks = readJournal(request, { env: process.env, signal: controller.signal });
    let text = '';
    while (!text.includes('.000002\n')) {
      const next = await chunks.next();
      if (next.done === true) break;
      text += next.value.toString();
    }
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 50);
    await expect(chunks.next()).rejects.toBe(reason);
  });

  test('a folder without a journal, and a broken journal, are problems', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    expect((await read({ directory: empty })).problems).toMatchObject([{ code: 'not-found' }]);
    expect((await read({ directory: join(folder, 'none') })).problems).toMatchObject([{ code: 'not-found' }]);
    writeFileSync(join(empty, 'cut.journal'), readFileSync(join(journal, 'web1.journal')).subarray(0, 50_000));
    expect((await read({ directory: empty })).problems).toMatchObject([{ code: 'damaged' }]);
    const foreign = { directory: journal, afterCursor: 's=zz;t=1' };
    expect((await read(foreign)).problems).toMatchObject([{ message: expect.stringContaining('Failed to seek') }]);
  });
});

describe('what journalctl says on stderr', () => {
  /** The environment in which journalctl is this script. */
  function standIn(name: string, script: string): Record<string, string> {
    const bin = join(folder, name);
    mkdirSync(bin);
    writeFileSync(join(bin, 'journalctl'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, 'journalctl'), 0o755);
    return { PATH: `${bin}:/usr/bin:/bin` };
  }
  const hint = [
    'Hint: You are currently not seeing messages from other users and the system.',
    "      Users in groups 'adm', 'systemd-journal' can see all messages.",
    '      Pass -q to turn off this notice.',
  ];
  const say = (lines: readonly string[]) => `cat >&2 <<'END'\n${lines.join('\n')}\nEND`;

  test('lines that are missing for want of permission are a problem beside those that are there', async () => {
    const end = await read({}, standIn('some', `echo 'one line'; ${say(hint)}`));
    expect(end).toEqual({
      text: 'one line\n',
      problems: [
        {
          code: 'unreadable',
          message: 'journal: this user is not shown the messages of the system and of other users',
          hint: 'run it as root, or as a member of the group systemd-journal',
        },
      ],
    });
  });

  test('no permission at all is one problem', async () => {
    const script = say([...hint, 'No journal files were opened due to insufficient permissions.']);
    const { problems } = await read({}, standIn('shut', `${script}\nexit 1`));
    expect(problems.map(({ message }) => message)).toEqual(['journal: permission denied']);
  });

  test('a failure without a word, a signal and an unknown sentence are problems', async () => {
    const messageOf = async (name: string, script: string) =>
      (await read({}, standIn(name, script))).problems[0]?.message;
    expect(await messageOf('silent', 'exit 3')).toBe('journal: journalctl failed without a word (exit code 3)');
    expect(await messageOf('killed', 'kill -SEGV $$')).toBe('journal: journalctl was ended by SIGSEGV');
    expect(await messageOf('odd', `${say(['Odd \x1b[31mthing.'])}\nexit 1`)).toBe('journal: Odd \\x1b[31mthing');
    expect(await messageOf('fine', 'exit 0')).toBeUndefined();
  });

  test('a machine without journalctl is told, with what to do instead', async () => {
    const { problems } = await read({}, { PATH: join(folder, 'journal') });
    expect(problems).toMatchObject([{ code: 'program-missing', hint: expect.stringContaining('/var/log/syslog') }]);
  });
});
