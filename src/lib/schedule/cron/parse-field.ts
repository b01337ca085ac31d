import { nearest } from '../../errors/nearest.ts';
import { quoted } from '../../text/quoted.ts';
import type { CronField, FieldKind } from './field-kinds.ts';
import { hashValue } from './hash-value.ts';

/** Why a field cannot be read, and what to write. */
export interface FieldMistake {
  message: string;
  hint: string;
}

/** A part of a list: `first` to `last` with a step. */
interface Item {
  text: string;
  values: readonly number[];
}

/**
 * One field of crontab(5), or what is wrong with it. What cron, systemd and Kubernetes do not read alike is refused:
 * `5/10`, ranges that go backwards, `L`, `W`, `#` and `?`. A range of weekdays may end with `sun`.
 */
export function parseField(text: string, kind: FieldKind, seed: string | undefined): CronField | FieldMistake {
  const items: Item[] = [];
  for (const part of text.split(',')) {
    const item = parseItem(part, kind, seed);
    if ('message' in item) return item;
    items.push(item);
  }
  const star = text.startsWith('*');
  const values = [...new Set(items.flatMap((item) => item.values))].toSorted((a, b) => a - b);
  const step = items.length === 1 && star ? Number(items[0]!.text.slice(2)) : 0;
  return {
    text: textOf(items, values.length === kind.cycle, star, kind),
    values,
    star,
    ...(step > 1 && { step }),
  };
}

/** A lone star behind a comma is one for Kubernetes and none for cron: it becomes the range that it stands for. */
function textOf(items: readonly Item[], all: boolean, star: boolean, { low, cycle }: FieldKind): string {
  if (all && star) return '*';
  if (items.some(({ text }) => text === '*')) return `${low}-${low + cycle - 1}`;
  return items.map(({ text }) => text).join(',');
}

function parseItem(text: string, kind: FieldKind, seed: string | undefined): Item | FieldMistake {
  const { title, low, high } = kind;
  if (kind.name.startsWith('day') && /^(?:(?:\d{1,2}|[a-z]{3})?l|l?w|\d{1,2}w|l-\d+|\w+#\d)$/i.test(text)) {
    return {
      message: `${quoted(text)} is of Quartz, and cron does not know it`,
      hint: 'run it on every day that it could be, and let the job look at the date',
    };
  }
  const match = /^(?:(\*)|(h)|([a-z]+|\d+)(?:-([a-z]+|\d+))?)(?:\/(\d+))?$/i.exec(text);
  if (match === null) return unknownItem(text, kind);
  const [, star, hash, from, to, stepText] = match;
  const step = stepText === undefined ? 1 : Number(stepText);
  if (!(step >= 1 && step <= high)) {
    return { message: `the step of ${quoted(text)} is not between 1 and ${high}`, hint: `write a step that fits` };
  }
  const lastValue = low + kind.cycle - 1;
  if (star !== undefined) return { text: step === 1 ? '*' : `*/${step}`, values: span(low, lastValue, step) };
  if (hash !== undefined) return hashed(kind, stepText === undefined ? undefined : step, seed);
  const first = valueOf(from!, kind, false);
  if (typeof first !== 'number') return first;
  if (to === undefined) {
    if (stepText === undefined) return sundayFirst({ text: String(first), values: [first] }, kind);
    return {
      message: `${quoted(text)} has a step and no range, which cron refuses and Kubernetes does not`,
      hint: `write ${first}-${lastValue}/${step}`,
    };
  }
  const last = valueOf(to, kind, true);
  if (typeof last !== 'number') return last;
  if (last < first) {
    return {
      message: `the range ${quoted(text)} goes backwards`,
      hint: `write ${first}-${lastValue},${low}-${last} for a ${title} from the one to the other`,
    };
  }
  return sundayFirst(
    { text: `${first}-${last}${step === 1 ? '' : `/${step}`}`, values: span(first, last, step) },
    kind,
  );
}

/** Kubernetes knows no 7, so Sunday is always 0; a range up to it is taken apart. */
function sundayFirst(item: Item, { name }: FieldKind): Item {
  if (name !== 'dayOfWeek' || !item.values.includes(7)) return item;
  const values = [...new Set(item.values.map((value) => value % 7))].toSorted((a, b) => a - b);
  return { text: values.join(','), values };
}

function hashed(kind: FieldKind, step: number | undefined, seed: string | undefined): Item | FieldMistake {
  if (kind.name !== 'minute' && kind.name !== 'hour') {
    return { message: 'H is for the minute and the hour', hint: "write such as 'H 2 * * *'" };
  }
  if (seed === undefined) {
    return {
      message: 'H is made from the name of a job, and here is none',
      hint: 'write a number, or put the schedule into a job of devops.yaml',
    };
  }
  const value = hashValue(`${kind.name}\n${seed}`, step ?? kind.cycle);
  if (step === undefined) return { text: String(value), values: [value] };
  return { text: `${value}-${kind.high}${step === 1 ? '' : `/${step}`}`, values: span(value, kind.high, step) };
}

/** `sun` at the end of a range is the Sunday behind Saturday. */
function valueOf(text: string, { title, low, high, names }: FieldKind, ends: boolean): number | FieldMistake {
  if (/^\d/.test(text)) {
    const value = Number(text);
    if (value >= low && value <= high) return value;
    return { message: `${quoted(text)} is no ${title}`, hint: `it is a number from ${low} to ${high}` };
  }
  const index = names.indexOf(text.toLowerCase());
  if (index !== -1) return ends && index === 0 && high === 7 ? 7 : low + index;
  const near = names.length === 0 ? undefined : (names.find((name) => longName(text, name)) ?? nearest(text, names));
  const known = names.length === 0 ? `it is a number from ${low} to ${high}` : `names are ${names.join(', ')}`;
  return { message: `${quoted(text)} is no ${title}`, hint: near === undefined ? known : `did you mean '${near}'?` };
}

/** `monday` and `sept` are no names of cron, which takes three letters. */
function longName(text: string, name: string): boolean {
  return text.length > 3 && text.toLowerCase().startsWith(name);
}

function unknownItem(text: string, { title, low, high }: FieldKind): FieldMistake {
  if (text === '') return { message: `a ${title} is missing between commas`, hint: `write such as ${low},${low + 1}` };
  if (text === '?') return { message: "'?' is of Quartz, and cron does not know it", hint: "write '*'" };
  return {
    message: `${quoted(text)} is no ${title}`,
    hint: `write a number from ${low} to ${high}, a range such as ${low}-${low + 4}, a list with commas, or */2 for every second one`,
  };
}

function span(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}
