import { mask } from '../../log/redact.ts';

const longestLocal = 64;
const longestDomain = 253;
/** Units of systemd are written as `name@instance.kind`. */
const unit = /\.(?:service|socket|target|timer|mount|automount|slice|scope|path|device|swap)$/;
/** A package at a tag or a picture for a dense screen. */
const file = /\.(?:png|jpe?g|gif|svg|webp|js|mjs|cjs|css|json|gz|tgz|xz|zip)$/i;

/**
 * Masks mail addresses. Left alone are the users of URLs and of ssh (`ssh://git@host`, `git@host:path`), units of
 * systemd (`getty@tty1.service`), packages with a version (`lodash@4.17.21`) and pictures (`logo@2x.png`).
 * Written by hand from each `@` to both sides, so time is linear whatever the line.
 */
export function redactMailAddresses(line: string): string {
  let result = '';
  let position = 0;
  for (let at = line.indexOf('@'); at !== -1; at = line.indexOf('@', at + 1)) {
    const from = localStart(line, at, position);
    if (from === at) continue;
    const to = domainEnd(line, at);
    if (to === at || isNoMail(line, from, at, to)) continue;
    result += line.slice(position, from) + mask;
    position = to;
  }
  return position === 0 ? line : result + line.slice(position);
}

function localStart(line: string, at: number, floor: number): number {
  let from = at;
  const lowest = Math.max(floor, at - longestLocal);
  while (from > lowest && isLocal(line.charCodeAt(from - 1))) from--;
  // Dots and dashes in front of a name are none of it.
  while (from < at && !isWordCharacter(line.charCodeAt(from))) from++;
  return from;
}

/** The end of a domain of at least two labels whose last one is letters; `at` when there is none. */
function domainEnd(line: string, at: number): number {
  const limit = Math.min(line.length, at + 1 + longestDomain);
  let to = at + 1;
  while (to < limit && isDomain(line.charCodeAt(to))) to++;
  while (to > at + 1 && !isWordCharacter(line.charCodeAt(to - 1))) to--;
  const domain = line.slice(at + 1, to);
  return /^[^.-][^.]*\.(?:[^.]+\.)*[^\d.-][^.]+$/.test(domain) ? to : at;
}

function isNoMail(line: string, from: number, at: number, to: number): boolean {
  const domain = line.slice(at, to);
  if (unit.test(domain) || file.test(domain)) return true;
  if (line.startsWith('//', from - 2)) return true;
  // `git@host:path` is how ssh names a repository.
  return line.slice(from, at) === 'git';
}

/** Letters beyond ASCII count, because a line may be bytes of UTF-8 read as Latin-1. */
function isWordCharacter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code >= 0x80
  );
}

function isLocal(code: number): boolean {
  // . - + %
  return isWordCharacter(code) || code === 0x2e || code === 0x2d || code === 0x2b || code === 0x25;
}

function isDomain(code: number): boolean {
  return (isWordCharacter(code) && code !== 0x5f) || code === 0x2e || code === 0x2d;
}
