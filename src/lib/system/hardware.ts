import type { Systeminformation } from 'systeminformation';
import { printable } from '../text/printable.ts';
import { noteError } from './probe.ts';
import type { Probe } from './probe.ts';
import type { HardwareDisk, HardwareSection, MemoryModule } from './report-platform.ts';

/** The parts of systeminformation that are used here. */
export interface Inventory {
  system(): Promise<Systeminformation.SystemData>;
  bios(): Promise<Systeminformation.BiosData>;
  cpu(): Promise<Systeminformation.CpuData>;
  memLayout(): Promise<Systeminformation.MemLayoutData[]>;
  diskLayout(): Promise<Systeminformation.DiskLayoutData[]>;
  graphics(): Promise<Systeminformation.GraphicsData>;
}

/** What each part answered; absent when it failed or was too late. */
export interface Answers {
  system?: Systeminformation.SystemData;
  bios?: Systeminformation.BiosData;
  cpu?: Systeminformation.CpuData;
  memLayout?: Systeminformation.MemLayoutData[];
  diskLayout?: Systeminformation.DiskLayoutData[];
  graphics?: Systeminformation.GraphicsData;
}

export interface HardwareOptions {
  signal: AbortSignal;
  timeoutSeconds: number;
  /** Default: systeminformation, loaded when it is needed. */
  load?: () => Promise<Inventory>;
}

/**
 * The inventory of the machine, by systeminformation. It starts dmidecode, lsblk, lscpu and their like itself: the one
 * exception to the rule that only lib/shell starts processes. Those it waits for with execSync hold the deadline up,
 * and what runs when the deadline passes goes on without us.
 */
export async function hardwareSection(probe: Probe, options: HardwareOptions): Promise<HardwareSection | undefined> {
  const load = options.load ?? (() => import('systeminformation'));
  try {
    const section = describeHardware(await askAll(probe, await load(), options));
    if (Object.keys(section).length > 0) return section;
  } catch (error) {
    noteError(probe, 'hardware', error);
  }
  // Other sections note their errors in the meantime.
  if (!probe.errors.some((error) => error.section === 'hardware')) {
    probe.unavailable.push({ section: 'hardware', reason: 'the firmware and the kernel tell nothing about it here' });
  }
  return undefined;
}

async function askAll(probe: Probe, inventory: Inventory, options: HardwareOptions): Promise<Answers> {
  const { promise: cutOff, resolve: cut } = Promise.withResolvers<'late'>();
  // A longer timer than the longest would fire at once.
  const timer = setTimeout(cut, Math.min(options.timeoutSeconds * 1000, 2 ** 31 - 1), 'late');
  const abort = (): void => cut('late');
  options.signal.addEventListener('abort', abort);
  if (options.signal.aborted) abort();
  const answers: Answers = {};
  async function ask(part: keyof Inventory): Promise<void> {
    try {
      const answer = await Promise.race([inventory[part](), cutOff]);
      if (answer !== 'late') Object.assign(answers, { [part]: answer });
      else noteError(probe, 'hardware', lateError(options), part);
    } catch (error) {
      noteError(probe, 'hardware', error, part);
    }
  }
  try {
    await Promise.all((['system', 'bios', 'cpu', 'memLayout', 'diskLayout', 'graphics'] as const).map(ask));
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', abort);
  }
  return answers;
}

function lateError({ signal, timeoutSeconds }: HardwareOptions): Error {
  const message = signal.aborted ? 'had not answered when the run ended' : `did not answer within ${timeoutSeconds}s`;
  return Object.assign(new Error(message), { code: 'ETIMEDOUT' });
}

/** What is known. systeminformation says '' or 0 for what it does not know, and invents a little besides. */
export function describeHardware(answers: Answers): HardwareSection {
  const { system, bios, cpu, graphics } = answers;
  const section: HardwareSection = {};
  set(section, 'manufacturer', known(system?.manufacturer));
  const isInvented = ['Computer', 'Docker Container', 'Virtual machine'].includes(system?.model ?? '');
  if (!isInvented) set(section, 'model', known(system?.model));
  set(section, 'bios_version', known(bios?.version));
  set(section, 'bios_date', known(bios?.releaseDate));
  set(section, 'cpu_brand', known(`${cpu?.manufacturer ?? ''} ${cpu?.brand ?? ''}`));
  set(section, 'cpu_sockets', positive(cpu?.processors));
  set(section, 'cpu_physical_cores', positive(cpu?.physicalCores));
  set(section, 'memory_modules', some((answers.memLayout ?? []).map(memoryModule)));
  set(section, 'disks', some((answers.diskLayout ?? []).map(disk)));
  set(
    section,
    'graphics',
    some((graphics?.controllers ?? []).map((card) => known([card.vendor, card.model].filter(Boolean).join(' ')))),
  );
  return section;
}

/** Without a type it is an empty slot, or all of the memory as one module that nobody has seen. */
function memoryModule(found: Systeminformation.MemLayoutData): MemoryModule | undefined {
  const size = positive(found.size);
  const type = known(found.type);
  if (size === undefined || type === undefined || type === 'Empty') return undefined;
  const module: MemoryModule = { size_bytes: size, type };
  set(module, 'speed_mhz', positive(found.clockSpeed));
  set(module, 'slot', known(found.bank));
  return module;
}

function disk(found: Systeminformation.DiskLayoutData): HardwareDisk | undefined {
  const size = positive(found.size);
  if (size === undefined) return undefined;
  const described: HardwareDisk = { device: printable(found.device), size_bytes: size };
  set(described, 'name', known(found.name));
  set(described, 'type', known(found.type));
  return described;
}

function set<Target, Key extends keyof Target>(target: Target, key: Key, value: Target[Key] | undefined): void {
  if (value !== undefined) target[key] = value;
}

/** The defined ones; undefined when there is none. */
function some<Item>(items: readonly (Item | undefined)[]): Item[] | undefined {
  const defined = items.filter((item) => item !== undefined);
  return defined.length > 0 ? defined : undefined;
}

function known(text: string | null | undefined): string | undefined {
  const trimmed = typeof text === 'string' ? text.trim() : '';
  const isPlaceholder = /^(?:-|unknown|not specified|none|n\/a|to be filled by o\.e\.m\.?|default string)?$/i.test(
    trimmed,
  );
  return isPlaceholder ? undefined : printable(trimmed);
}

function positive(value: number | null | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
}
