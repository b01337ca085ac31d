/** When a fleet is to be off, as the command line says it and as this test works it out by itself. */
export interface Rota {
  /** For both commands. */
  options: readonly string[];
  /** Value of the tag that says it, where each instance has its own. */
  tagValue: string | undefined;
  /** What stands behind `by=` in a mark. */
  by: string;
  /** Switches in order, Unix times. */
  switches: readonly { at: number; to: 'on' | 'off' }[];
}

export const scheduleTag = 'maid_offhours';

const quarter = 900;
/** Zones that keep their clocks in November and December, with their minutes ahead of UTC. */
const zones = [
  ['UTC', 0],
  ['Europe/Berlin', 60],
  ['America/New_York', -300],
  ['Asia/Kolkata', 330],
  ['Australia/Lord_Howe', 660],
] as const;

type Off = (day: number, minutes: number) => boolean;

const weekly: Off = (day, minutes) =>
  (day === 5 && minutes >= 19 * 60) || day === 6 || day === 0 || (day === 1 && minutes < 7 * 60);
const nightly: Off = (_, minutes) => minutes >= 20 * 60 || minutes < 6 * 60;
const outOfOffice: Off = (day, minutes) => day === 0 || day === 6 || minutes < 7 * 60 || minutes >= 19 * 60;

/** @param from Unix time from which on the switches of 40 days are told. */
export function drawRota(random: () => number, from: number): Rota {
  const [zone, ahead] = zones[Math.floor(random() * zones.length)]!;
  const kind = Math.floor(random() * 4);
  const off = [weekly, nightly, outOfOffice, outOfOffice][kind]!;
  const switches = switchesOf(off, ahead * 60, from);
  const words = (option: string, text: string, name: string) => ({
    options: [option, text, '--tz', zone],
    tagValue: undefined,
    by: `${name} ${zone}`,
    switches,
  });
  if (kind === 0) return words('--off', 'Fri 19:00 - Mon 07:00', 'Fri 19:00 - Mon 07:00');
  if (kind === 1) return words('--off', '20:00 - 06:00', '20:00 - 06:00');
  if (kind === 2) return words('--on', 'Mon-Fri 07:00 - 19:00', 'on office-hours');
  return {
    options: ['--schedule-tag', scheduleTag],
    tagValue: `off=[(M-F,19)];on=[(M-F,7)];tz=${zone}`,
    by: `tag:${scheduleTag}`,
    switches,
  };
}

function switchesOf(off: Off, ahead: number, from: number): Rota['switches'] {
  const found: { at: number; to: 'on' | 'off' }[] = [];
  const isOff = (at: number) => {
    const local = Math.floor((at + ahead) / 60);
    return off((Math.floor(local / 1440) + 4) % 7, local % 1440);
  };
  const first = Math.floor(from / quarter) * quarter;
  for (let at = first + quarter; at < first + 40 * 86_400; at += quarter) {
    if (isOff(at) !== isOff(at - quarter)) found.push({ at, to: isOff(at) ? 'off' : 'on' });
  }
  return found;
}

/** What holds at a moment; `since` is undefined before the first switch that is known. */
export function rotaAt({ switches }: Rota, at: number): { to: 'on' | 'off'; since: number } {
  const last = switches.findLast((one) => one.at <= at);
  if (last !== undefined) return { to: last.to, since: last.at };
  return { to: switches[0]!.to === 'on' ? 'off' : 'on', since: -Infinity };
}
