import { lstatSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { printable } from '../text/printable.ts';
import { listOptional, noteError, readOptional, readText } from './probe.ts';
import type { Probe } from './probe.ts';
import type { Sensor } from './report-platform.ts';

const hwmonFolder = '/sys/class/hwmon';
const thermalFolder = '/sys/class/thermal';

/**
 * Temperatures and fans of the hardware monitors (kernel `Documentation/hwmon/sysfs-interface.rst`), and the thermal
 * zones where no monitor has a temperature. Undefined when there are none.
 */
export function sensorsSection(probe: Probe): Sensor[] | undefined {
  const sensors: Sensor[] = [];
  try {
    sensors.push(...hwmonSensors(probe));
    if (!sensors.some((sensor) => sensor.kind === 'temperature')) sensors.push(...thermalZones(probe));
  } catch (error) {
    noteError(probe, 'sensors', error);
  }
  if (sensors.length > 0) return sensors;
  if (!probe.errors.some((error) => error.section === 'sensors')) {
    probe.unavailable.push({ section: 'sensors', reason: 'the kernel knows no temperature sensor and no fan here' });
  }
  return undefined;
}

function hwmonSensors(probe: Probe): Sensor[] {
  const chips = numbered(listOptional(probe, hwmonFolder), /^hwmon(\d+)$/).map((name) => {
    // Old drivers keep their files one level deeper.
    const own = `${hwmonFolder}/${name}`;
    const folder = hasInputs(probe, own) ? own : `${own}/device`;
    return { folder, name: line(probe, `${folder}/name`) ?? name, device: deviceOf(probe, own) };
  });
  return chips.flatMap(({ folder, name, device }) => {
    // Two disks have two chips called `nvme`; the number of hwmon changes from boot to boot, the device does not.
    const isShared = chips.filter((other) => other.name === name).length > 1;
    const chip = isShared && device !== undefined ? `${name} ${device}` : name;
    return numbered(listOptional(probe, folder), isInput).flatMap((file) => {
      const sensor = hwmonSensor(probe, folder, file.slice(0, -'_input'.length), chip);
      return sensor === undefined ? [] : [sensor];
    });
  });
}

const isInput = /^(?:temp|fan)(\d+)_input$/;

function hasInputs(probe: Probe, folder: string): boolean {
  return listOptional(probe, folder).some((file) => isInput.test(file));
}

/** Undefined when the driver says that there is nothing to read at the moment. */
function hwmonSensor(probe: Probe, folder: string, channel: string, chip: string): Sensor | undefined {
  const kind = channel.startsWith('fan') ? 'fan' : 'temperature';
  const label = line(probe, `${folder}/${channel}_label`) ?? channel;
  const sensor: Sensor = { chip, label, kind };
  try {
    if (line(probe, `${folder}/${channel}_fault`) === '1') {
      // A socket without its sensor says so on many healthy boards: a value that is not there, and no incomplete report.
      const message = 'the sensor reports a fault';
      probe.errors.push({ section: 'sensors', code: 'failed', subject: `${chip} ${label}`, message, required: false });
      return sensor;
    }
    const value = signedNumber(readText(probe, `${folder}/${channel}_input`));
    if (kind === 'fan') sensor.rpm = value;
    else sensor.celsius = value / 1000;
  } catch (error) {
    if (isAsleep(error)) return undefined;
    noteError(probe, 'sensors', error, `${chip} ${label}`);
  }
  if (kind === 'fan') return sensor;
  const high = limit(probe, `${folder}/${channel}_max`);
  const critical = limit(probe, `${folder}/${channel}_crit`);
  if (high !== undefined) sensor.high_celsius = high;
  if (critical !== undefined) sensor.critical_celsius = critical;
  return sensor;
}

function thermalZones(probe: Probe): Sensor[] {
  return numbered(listOptional(probe, thermalFolder), /^thermal_zone(\d+)$/).flatMap((zone) => {
    const folder = `${thermalFolder}/${zone}`;
    const sensor: Sensor = { chip: line(probe, `${folder}/type`) ?? zone, label: zone, kind: 'temperature' };
    try {
      sensor.celsius = signedNumber(readText(probe, `${folder}/temp`)) / 1000;
    } catch (error) {
      if (isAsleep(error)) return [];
      noteError(probe, 'sensors', error, `${sensor.chip} ${zone}`);
    }
    for (const file of numbered(listOptional(probe, folder), /^trip_point_(\d+)_type$/)) {
      const celsius = limit(probe, `${folder}/${file.replace('_type', '_temp')}`);
      const type = line(probe, `${folder}/${file}`);
      if (celsius !== undefined && type === 'hot') sensor.high_celsius = celsius;
      if (celsius !== undefined && type === 'critical') sensor.critical_celsius = celsius;
    }
    return [sensor];
  });
}

/** A limit in degrees; undefined for 0 and for what no machine reaches, by which drivers say that none is set. */
function limit(probe: Probe, path: string): number | undefined {
  const text = line(probe, path);
  const celsius = Number(text) / 1000;
  return text !== undefined && celsius > 0 && celsius < 1000 ? celsius : undefined;
}

/** The names that match, in the order of their number. */
function numbered(names: readonly string[], pattern: RegExp): string[] {
  const number = (name: string): number => Number(pattern.exec(name)?.[1]);
  return names.filter((name) => pattern.test(name)).toSorted((a, b) => number(a) - number(b) || (a < b ? -1 : 1));
}

/** The text of a small file without its newline; undefined when there is none, or when it was noted as an error. */
function line(probe: Probe, path: string): string | undefined {
  try {
    const text = readOptional(probe, path)?.trim() ?? '';
    return text === '' ? undefined : printable(text);
  } catch (error) {
    noteError(probe, 'sensors', error, path);
    return undefined;
  }
}

/** Degrees may be below zero, so this is not the `wholeNumber` of other kernel files. */
function signedNumber(text: string): number {
  if (!/^-?\d+\n?$/.test(text)) throw new SyntaxError(`expected a whole number, found ${JSON.stringify(text)}`);
  return Number(text);
}

/** The device of a chip, such as `nvme0` or `0000:01:00.0`; virtual chips have none. */
function deviceOf(probe: Probe, folder: string): string | undefined {
  const link = `${probe.root}${folder}/device`;
  return lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === true
    ? basename(readlinkSync(link))
    : undefined;
}

/** A disk that sleeps, a radio that is off, a driver that has nothing yet: no fault, and no value. */
function isAsleep(error: unknown): boolean {
  const absent = ['ENODATA', 'EAGAIN', 'ENXIO', 'ENODEV', 'ENOENT'];
  return error instanceof Error && 'code' in error && absent.includes(String(error.code));
}
