import type { Zone } from '../../time/zone.ts';
import { longestName, scheduleName } from '../schedule-name.ts';
import { dayLetters, type Offhours, type Times } from './offhours.ts';

/**
 * `offhours off M-F@21 U@18 on M-F@6 U@10 America/Los_Angeles`. What has more times than a tag has room for, and none
 * but whole hours, is written as a bit for each hour of the week instead, which always fits: six bits a character.
 */
export function offhoursName({ off, on }: Offhours, zone: Zone): string {
  const sides = [
    { key: 'off', times: off },
    { key: 'on', times: on },
  ].filter(({ times }) => times.size > 0);
  if (sides.length === 0) return 'offhours opted out';
  const words = ['offhours', ...sides.map(({ key, times }) => `${key} ${timesText(times)}`)].join(' ');
  const isWhole = sides.every(({ times }) => [...times.keys()].every((minute) => minute % 60 === 0));
  if (`${words} ${zone.name}`.length <= longestName || !isWhole) return scheduleName(words, zone);
  return scheduleName(['offhours', ...sides.map(({ key, times }) => `${key}=${timesBits(times)}`)].join(' '), zone);
}

function timesText(times: Times): string {
  return [...times]
    .toSorted(([a], [b]) => a - b)
    .map(([minute, days]) => `${daysText(days)}@${hourText(minute)}`)
    .join(' ');
}

function daysText(days: number): string {
  const runs: string[] = [];
  for (let first = 0; first < 7; first++) {
    if (((days >> first) & 1) === 0) continue;
    let last = first;
    while (((days >> (last + 1)) & 1) === 1) last++;
    const letters = dayLetters.toUpperCase();
    runs.push(first === last ? letters[first]! : `${letters[first]}-${letters[last]}`);
    first = last;
  }
  return runs.join('+');
}

function hourText(minute: number): string {
  const rest = minute % 60;
  return `${Math.floor(minute / 60)}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

/** Characters that every service allows in a tag. */
const sixBits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function timesBits(times: Times): string {
  const hours = Array.from(
    { length: 168 },
    (_, hour) => ((times.get((hour % 24) * 60) ?? 0) >> Math.floor(hour / 24)) & 1,
  );
  return Array.from({ length: 28 }, (_, index) =>
    sixBits.charAt(hours.slice(index * 6, index * 6 + 6).reduce((sum, bit) => sum * 2 + bit, 0)),
  ).join('');
}
