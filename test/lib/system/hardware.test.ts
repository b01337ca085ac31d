import { expect, test } from 'vitest';
import { describeHardware, hardwareSection } from '../../../src/lib/system/hardware.ts';
import type { Inventory } from '../../../src/lib/system/hardware.ts';
import { createProbe } from '../../../src/lib/system/probe.ts';

const signal = new AbortController().signal;

const system = { manufacturer: '', model: '', version: '', serial: '-', uuid: '-', sku: '-', virtual: false };
const bios = { vendor: '', version: '', releaseDate: '', revision: '' };
const cpu = await import('systeminformation').then((library) => library.cpu());
const unknownCpu = { ...cpu, manufacturer: '', brand: '', processors: 0, physicalCores: 0 };
const voltages = { voltageConfigured: null, voltageMin: null, voltageMax: null };
const memory = { size: 0, bank: '', type: '', clockSpeed: 0, formFactor: '', partNum: '', serialNum: '', ...voltages };

/** A library that knows nothing, as inside a container. */
function inventory(changes: Partial<Inventory> = {}): Inventory {
  return {
    system: () => Promise.resolve({ ...system, model: 'Docker Container' }),
    bios: () => Promise.resolve(bios),
    cpu: () => Promise.resolve(unknownCpu),
    // It invents one module as large as the memory.
    memLayout: () => Promise.resolve([{ ...memory, size: 8_000_000_000 }]),
    diskLayout: () => Promise.resolve([]),
    graphics: () => Promise.resolve({ controllers: [], displays: [] }),
    ...changes,
  };
}

function ask(changes: Partial<Inventory>, timeoutSeconds = 10) {
  const probe = createProbe();
  const load = () => Promise.resolve(inventory(changes));
  return { probe, section: hardwareSection(probe, { signal, timeoutSeconds, load }) };
}

test('what is known is told, in whole units', () => {
  const section = describeHardware({
    system: { ...system, manufacturer: 'Dell Inc.', model: 'PowerEdge R650' },
    bios: { ...bios, version: '1.15.2', releaseDate: '2025-04-01' },
    cpu: { ...cpu, manufacturer: 'Intel', brand: 'Xeon Gold 6330', processors: 2, physicalCores: 56 },
    memLayout: [
      { ...memory, size: 34_359_738_368, type: 'DDR4', clockSpeed: 3200, bank: 'A1' },
      { ...memory, size: 34_359_738_368, type: 'DDR4', clockSpeed: null, bank: '' },
      { ...memory, size: 0, type: 'Empty', bank: 'A3' },
    ],
    diskLayout: [disk('/dev/nvme0n1', 'PM9A3', 'NVMe', 960_197_124_096), disk('/dev/sda', '', 'HD', 0)],
    graphics: {
      controllers: [{ vendor: 'Matrox', model: 'G200eW3', bus: '', vram: null, vramDynamic: false }],
      displays: [],
    },
  });
  expect(section).toEqual({
    manufacturer: 'Dell Inc.',
    model: 'PowerEdge R650',
    bios_version: '1.15.2',
    bios_date: '2025-04-01',
    cpu_brand: 'Intel Xeon Gold 6330',
    cpu_sockets: 2,
    cpu_physical_cores: 56,
    memory_modules: [
      { size_bytes: 34_359_738_368, type: 'DDR4', speed_mhz: 3200, slot: 'A1' },
      { size_bytes: 34_359_738_368, type: 'DDR4' },
    ],
    disks: [{ device: '/dev/nvme0n1', name: 'PM9A3', type: 'NVMe', size_bytes: 960_197_124_096 }],
    graphics: ['Matrox G200eW3'],
  });
});

function disk(device: string, name: string, type: string, size: number) {
  const geometry = { bytesPerSector: 0, totalCylinders: 0, totalHeads: 0, totalSectors: 0, totalTracks: 0 };
  const rest = {
    vendor: '',
    firmwareRevision: '',
    serialNum: '',
    interfaceType: '',
    smartStatus: '',
    temperature: null,
  };
  return { device, name, type, size, tracksPerCylinder: 0, sectorsPerTrack: 0, ...geometry, ...rest };
}

test('a machine that tells nothing has no hardware section, which is no fault', async () => {
  const { probe, section } = ask({});
  expect(await section).toBeUndefined();
  expect(probe.errors).toEqual([]);
  expect(probe.unavailable).toMatchObject([{ section: 'hardware' }]);
});

test('errors of other sections do not make it look as if this one had failed', async () => {
  const { probe, section } = ask({});
  probe.errors.push({ section: 'disks', code: 'timeout', message: 'x', required: true });
  expect(await section).toBeUndefined();
  expect(probe.unavailable).toMatchObject([{ section: 'hardware' }]);
});

test.each(['-', 'Unknown', 'Not Specified', 'To Be Filled By O.E.M.', 'Default string', '  '])(
  'the placeholder %j of a firmware is not a name',
  (text) => {
    expect(describeHardware({ system: { ...system, manufacturer: text, model: text } })).toEqual({});
  },
);

test('a part that never answers is an error, and the others are told', async () => {
  const started = performance.now();
  const { probe, section } = ask({ diskLayout: () => new Promise(() => {}), cpu: () => Promise.resolve(cpu) }, 0.2);
  expect(await section).toHaveProperty('cpu_brand');
  expect(performance.now() - started).toBeLessThan(5000);
  expect(probe.errors).toMatchObject([
    { section: 'hardware', code: 'timeout', subject: 'diskLayout', message: 'did not answer within 0.2s' },
  ]);
});

test('a deadline beyond the longest timer is not over at once', async () => {
  const slow = new Promise<typeof cpu>((resolve) => setTimeout(resolve, 50, cpu));
  const { probe, section } = ask({ cpu: () => slow }, 1e9);
  expect(await section).toHaveProperty('cpu_brand');
  expect(probe.errors).toEqual([]);
});

test('a part that fails is an error', async () => {
  const { probe, section } = ask({ bios: () => Promise.reject(new Error('no dmidecode')) });
  expect(await section).toBeUndefined();
  expect(probe.errors).toMatchObject([{ code: 'failed', subject: 'bios', message: 'no dmidecode' }]);
  expect(probe.unavailable).toEqual([]);
});

test('an interrupted run does not wait', async () => {
  const probe = createProbe();
  const silent = inventory({ cpu: () => new Promise(() => {}) });
  const options = { signal: AbortSignal.abort(), timeoutSeconds: 60, load: () => Promise.resolve(silent) };
  await hardwareSection(probe, options);
  expect(probe.errors.find(({ subject }) => subject === 'cpu')).toMatchObject({
    code: 'timeout',
    message: 'had not answered when the run ended',
  });
});

test('the real library describes the processor of this machine', async () => {
  const probe = createProbe();
  const section = await hardwareSection(probe, { signal, timeoutSeconds: 20 });
  expect(probe.errors).toEqual([]);
  expect(section?.cpu_brand).not.toBe('');
  expect(JSON.stringify(section)).not.toContain('""');
});
