import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chooseFilesystems } from '../../../src/lib/system/filesystems.ts';
import { parseMountinfo } from '../../../src/lib/system/mountinfo.ts';

const cases = join(import.meta.dirname, '../../cases/system-slow');

function mountsOf(name: string) {
  return parseMountinfo(readFileSync(join(cases, name, 'proc/self/mountinfo'), 'utf8'));
}

test.each(readdirSync(cases))('%s shows the filesystems that are worth a line', (name) => {
  const expected = JSON.parse(readFileSync(join(cases, name, 'expected.json'), 'utf8'));
  const chosen = chooseFilesystems(mountsOf(name));
  expect(chosen.map(({ mount, local, alsoMounted }) => ({ mount: mount.mount, local, alsoMounted }))).toEqual(
    expected.filesystems,
  );
});

test('a mount that covers another at the same path is the one that is shown', () => {
  const chosen = chooseFilesystems(mountsOf('stacked-mounts'));
  const sources = Object.fromEntries(chosen.map(({ mount }) => [mount.mount, mount.source]));
  expect(sources['/dev/shm']).toBe('second');
  expect(sources['/dev/shm/inside']).toBe('seen');
});

test('a chosen mount is shown under its own path, even one that would be left out or folded', () => {
  const chosen = chooseFilesystems(mountsOf('ubuntu-docker-host'), ['/var/www', '/snap/core22/1722', '/nowhere']);
  expect(chosen.map(({ mount, alsoMounted }) => [mount.mount, alsoMounted])).toEqual([
    ['/snap/core22/1722', []],
    ['/var/www', ['/']],
  ]);
});

test('autofs is never asked, not even when it was chosen, because to ask it is to mount it', () => {
  expect(chooseFilesystems(mountsOf('ubuntu-docker-host'), ['/net'])).toEqual([]);
});

test('a table of 50,000 mounts is read in reasonable time', () => {
  const lines = Array.from({ length: 50_000 }, (_, n) => `${n + 2} 1 0:${n} / /m/${n} rw - tmpfs t rw`);
  const started = performance.now();
  expect(chooseFilesystems(parseMountinfo(['1 0 8:1 / / rw - ext4 /dev/sda rw', ...lines].join('\n')))).toHaveLength(
    50_001,
  );
  expect(performance.now() - started).toBeLessThan(5000);
});
