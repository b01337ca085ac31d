import type { InstanceOptions, TwinInstance } from './instance.ts';
import type { TwinRegionState } from './region.ts';

const ended = ['shutting-down', 'terminated'];
const hasRun = ['running', 'stopping', 'stopped', ...ended];

/** An instance that is in its state since before the twin began; `serial` numbers those of the region. */
export function newInstance(options: InstanceOptions, region: TwinRegionState, serial: number): TwinInstance {
  const { clock } = region;
  const state = options.state ?? 'running';
  const launchTime = options.launchTime ?? new Date(clock.now().getTime() - 86_400_000);
  const hasPublicIp = options.publicIp !== null;
  const address = `${Math.floor(serial / 65_536) % 256}.${Math.floor(serial / 256) % 256}.${serial % 256}`;
  const isOn = state === 'running' || state === 'stopping';
  const stopped = state === 'stopped' || state === 'stopping';
  const instance: TwinInstance = {
    id: options.id ?? region.identifier('i-'),
    serial: String(serial).padStart(9, '0'),
    account: region.account,
    reservation: options.reservation ?? region.identifier('r-'),
    type: options.type ?? 't3.micro',
    zone: options.zone ?? `${region.name}a`,
    state,
    stateReason: stopped
      ? { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' }
      : undefined,
    transitionReason: stopped ? 'User initiated (2026-11-01 18:00:00 GMT)' : '',
    launchedAt: Math.floor(launchTime.getTime() / 1000),
    privateIp: options.privateIp === null ? undefined : (options.privateIp ?? `10.${address}`),
    publicIp: hasPublicIp && isOn ? (options.publicIp ?? region.world.publicIp()) : undefined,
    hasPublicIp,
    elasticIp: options.elasticIp,
    ipv6: options.ipv6 ?? [],
    secondaryIps: options.secondaryIps ?? [],
    moreInterfaces: options.moreInterfaces ?? [],
    lifecycle: options.lifecycle ?? (options.spotRequest === undefined ? undefined : 'spot'),
    spotRequest: spotRequest(options, region),
    rootDeviceType: options.rootDeviceType ?? 'ebs',
    hibernationConfigured: options.hibernationConfigured ?? false,
    disableApiStop: options.disableApiStop ?? false,
    withoutKeyGrant: options.withoutKeyGrant ?? false,
    pendingSeconds: options.pendingSeconds,
    stoppingSeconds: options.stoppingSeconds,
    hasEverRun: hasRun.includes(state),
    hibernated: false,
    turn: 0,
    tags: new Map([
      ...(options.name === undefined ? [] : [['Name', options.name] as const]),
      ...Object.entries(options.tags ?? {}),
    ]),
    faces: [],
    changes: [],
  };
  const { stateReason, transitionReason, launchedAt, publicIp } = instance;
  instance.faces.push({
    at: ended.includes(state) ? clock.monotonic() : -Infinity,
    face: { state, stateReason, transitionReason, launchedAt, publicIp, tags: new Map(instance.tags) },
  });
  return instance;
}

function spotRequest({ lifecycle, spotRequest: type }: InstanceOptions, region: TwinRegionState) {
  if (type === undefined && lifecycle !== 'spot') return undefined;
  return { id: region.identifier('sir-').slice(0, 12), type: type ?? 'one-time', state: 'active' };
}
