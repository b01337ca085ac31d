import { MalformedCertificate } from './certificate.ts';
import { readElement, tags, unexpectedTag, type Element } from './der.ts';

const utcTime = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})$/;
const generalizedTime = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:\.\d+)?(Z|[+-]\d{4})$/;
/** With more than this many bytes it is no time; said before a text is made of them. */
const mostBytes = 64;
/** 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z, what four digits of a year can say. */
const firstSecond = -62_167_219_200;
const lastSecond = 253_402_300_799;

/** A time and where what follows it begins. */
export interface Time {
  /** Unix time in seconds, from the year 0 to 9999. */
  seconds: number;
  end: number;
}

/**
 * A UTCTime or a GeneralizedTime (RFC 5280, 4.1.2.5). Of the two digits of a UTCTime's year, 50 to 99 are 1950 to
 * 1999 and 00 to 49 are 2000 to 2049.
 *
 * RFC 5280 wants seconds and a `Z`. Older certificates also have times without seconds, with an offset or, in a
 * GeneralizedTime, with a fraction (X.680): they mean but one moment and are read, without the fraction. A time without
 * a zone could be anywhere's and is refused. Throws MalformedCertificate, also for a day that no calendar has.
 */
export function readTime(der: Buffer, start: number, limit: number, what: string): Time {
  const element = readElement(der, start, limit, what);
  if (element.tag !== tags.utcTime && element.tag !== tags.generalizedTime) {
    throw unexpectedTag(what, element.tag, start);
  }
  const text = der.toString('latin1', element.content, Math.min(element.end, element.content + mostBytes));
  const parts = (element.tag === tags.utcTime ? utcTime : generalizedTime).exec(text);
  if (parts === null || element.end - element.content > mostBytes) throw noTime(what, text, element);
  const [, years, month, day, hour, minute, second = '0', zone] = parts;
  const date = dateOf(fullYear(Number(years), element.tag), Number(month), Number(day));
  if (date === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) {
    throw noTime(what, text, element);
  }
  const seconds = date + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - offsetOf(zone!);
  if (!(seconds >= firstSecond && seconds <= lastSecond)) throw noTime(what, text, element);
  return { seconds, end: element.end };
}

function fullYear(year: number, tag: number): number {
  if (tag === tags.generalizedTime) return year;
  return year < 50 ? 2000 + year : 1900 + year;
}

/** Unix time of a day's begin; undefined for a day that there is not, such as 30 February. */
function dateOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  // Not Date.UTC, for which the year 50 is 1950.
  date.setUTCFullYear(year, month - 1, day);
  // Two digits of a day that the month does not have always end in another month.
  return date.getUTCMonth() === month - 1 ? date.getTime() / 1000 : undefined;
}

/** Seconds by which a zone is ahead of UTC; NaN for one that there is not. */
function offsetOf(zone: string): number {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3));
  if (hours > 14 || minutes > 59) return NaN;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60);
}

function noTime(what: string, text: string, { start }: Element): MalformedCertificate {
  const shown = /^[\w.+-]*$/.test(text) ? ` '${text}'` : '';
  return new MalformedCertificate(`${what} is no time${shown}, at byte ${start}`);
}
