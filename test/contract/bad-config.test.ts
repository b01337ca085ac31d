import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runRealDevops } from '../support/run-real-devops.ts';

// Why each file is refused is in test/lib/config; here it is what somebody sees who typed a command. A file that the
// modes keep from us is in test/process/config.test.ts: nothing is kept from root.

let folder: string;
let path: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'devops-config-')));
  path = join(folder, 'devops.yaml');
});
afterEach(() => rmSync(folder, { recursive: true }));

interface BadConfig {
  name: string;
  make(): void;
  /** The one line, without the path in front. */
  message: string;
  hint?: string | RegExp;
}

const write = (text: string | Uint8Array) => () => writeFileSync(path, text, { mode: 0o600 });
const uid = process.getuid!();
/** Only root can give a file away; anybody else is, for one run, somebody who did not write it. */
const somebodyElse = { owner: uid === 0 ? 4711 : uid, us: uid === 0 ? 0 : uid + 1 };

const badConfigs: readonly BadConfig[] = [
  {
    name: 'no YAML',
    make: write('sysinfo:\n  rules: [\n'),
    message: 'PATH:3:1: ',
  },
  {
    name: 'an unknown key',
    make: write('sysinf: {}\n'),
    message:
      'PATH:1:1: sysinf: found an unknown key, expected one of sysinfo, ssl-expiry, logs-grep, defaults, notify, jobs\n',
    hint: "did you mean 'sysinfo'?",
  },
  {
    name: 'a rule that cannot be read',
    make: write('sysinfo:\n  rules:\n    - if: disk.used_pct >\n'),
    message: "PATH:3:11: sysinfo.rules[0].if: rule 'disk.used_pct >', column ",
  },
  {
    name: 'no text',
    make: write(new Uint8Array([0x61, 0xff])),
    message: 'PATH:1:2: byte 0xff at offset 1 is not UTF-8\n',
    hint: /iconv/,
  },
  {
    name: 'huge',
    make() {
      write('')();
      truncateSync(path, 1024 ** 3);
    },
    message: "cannot read 'PATH': it is larger than 1.00 MiB\n",
    hint: 'check that it is the right file',
  },
  {
    name: "somebody else's",
    make() {
      write('')();
      if (uid === 0) chownSync(path, somebodyElse.owner, somebodyElse.owner);
    },
    message: `will not use the configuration 'PATH': it belongs to user ${somebodyElse.owner}, `,
    hint: /^if you trust what it says: chown /,
  },
  {
    name: 'writable for everybody',
    make() {
      write('')();
      chmodSync(path, 0o666);
    },
    message: "will not use the configuration 'PATH': everybody can write it (mode 0666)\n",
    hint: /^take that away: chmod go-w /,
  },
  {
    name: 'a folder',
    make: () => mkdirSync(path),
    message: "cannot read 'PATH': it is a folder\n",
    hint: 'name a file',
  },
  {
    name: 'a link in a circle',
    make: () => symlinkSync('devops.yaml', path),
    message: "cannot read 'PATH': too many symbolic links encountered\n",
  },
];

describe.each(badConfigs)('$name', ({ name, make, message, hint }) => {
  const options = () => ({
    cwd: folder,
    env: { PATH: folder, CACHE_DIRECTORY: join(folder, 'cache') },
    runtime: name === "somebody else's" ? { userId: somebodyElse.us } : {},
  });
  const expected = () => message.replace('PATH', path);

  test.each(['sysinfo os', 'config show'])('%s says so in one line with a hint, 2, and does nothing', async (line) => {
    make();
    const { code, stdout, stderr } = await runRealDevops(line, options());
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const [error, ...hints] = stderr.trimEnd().split('\n');
    expect(`${error}\n`.startsWith(`devops: error: ${expected()}`), error).toBe(true);
    expect(hints.every((each) => each.startsWith('devops: hint: '))).toBe(true);
    if (hint !== undefined) expect(hints[0]!.slice('devops: hint: '.length)).toMatch(hint);
  });

  test('config check says the same, and 2', async () => {
    make();
    const { code, stdout, stderr } = await runRealDevops('config check', options());
    expect(code).toBe(2);
    expect((stdout + stderr).replace(/^devops: error: /, '').startsWith(expected()), stdout + stderr).toBe(true);
  });

  test('doctor says the same beside all that it found, and 1', async () => {
    make();
    const { code, stdout, stderr } = await runRealDevops('doctor', options());
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain(`failed   devops.yaml           ${expected().trimEnd()}`);
    expect(stdout).toMatch(/^ok +Node\.js/);
  });

  test('a program gets it as an object, and a monitoring plugin as UNKNOWN', async () => {
    make();
    const json = await runRealDevops('sysinfo os --json', options());
    expect({ code: json.code, stdout: json.stdout }).toEqual({ code: 2, stdout: '' });
    const { error } = JSON.parse(json.stderr) as { error: { code: string; message: string } };
    expect(`${error.message}\n`.startsWith(expected()), error.message).toBe(true);
    const nagios = await runRealDevops('sysinfo os -o nagios', options());
    expect(nagios).toMatchObject({ code: 3, stderr: '' });
    expect(nagios.stdout).toMatch(/^SYSINFO UNKNOWN - [^\n]+\n$/);
  });
});

test('one that was named and is not there is the same kind of mistake', async () => {
  const message = `cannot read '${path}': no such file or directory`;
  for (const command of ['sysinfo os', 'config show', 'config check']) {
    expect(await runRealDevops(`${command} --config ${path}`), command).toEqual({
      code: 2,
      stdout: '',
      stderr: `devops: error: ${message}\ndevops: hint: check the name\n`,
    });
  }
  expect((await runRealDevops(`doctor -q --config ${path}`)).code).toBe(1);
});

test('what needs no configuration runs whatever is in it', async () => {
  write('sysinf: {}\n')();
  for (const line of ['--version', '--help', 'config schema', 'completion bash', 'sysinfo --help']) {
    expect(await runRealDevops(line, { cwd: folder }), line).toMatchObject({ code: 0, stderr: '' });
  }
});
