import { lstatSync } from 'node:fs';
import type { get as Get, RequestOptions } from 'node:http';
import type { Environment } from '../shell/find-program.ts';
import { printable } from '../text/printable.ts';
import { noteError } from './probe.ts';
import type { Probe } from './probe.ts';
import type { Container, ContainersSection } from './report-workload.ts';

export interface ContainersOptions {
  env: Environment;
  signal: AbortSignal;
  timeoutSeconds: number;
}

/** What a request on the socket of one engine answers: the parsed JSON. Throws with `code` for everything else. */
type Ask = (path: string) => Promise<unknown>;

/** How many containers are asked about at once. */
const parallel = 8;
/** 10,000 containers with long labels stay below this. */
const longestAnswer = 64 * 2 ** 20;

/**
 * Containers of the first local engine that answers, each of which has `timeoutSeconds`: Docker, or Podman through the same API. Undefined when there is
 * no socket, or none answers. A socket of systemd starts its engine when it is asked, as for every other client.
 *
 * The engine is asked here and not through systeminformation, which cannot serve this: it knows one socket, chosen
 * when it is loaded; an engine that refuses, fails or answers nonsense looks to it like one without containers, and a
 * container that it could not inspect like a healthy one; a silent engine keeps it, and us, for 30 s a request.
 */
export async function containersSection(
  probe: Probe,
  options: ContainersOptions,
): Promise<ContainersSection | undefined> {
  const sockets = socketPaths(options.env).filter((path) => exists(probe, path));
  if (sockets.length === 0) {
    probe.unavailable.push({ section: 'containers', reason: 'no socket of Docker or Podman is here' });
  }
  for (const socket of sockets) {
    try {
      return await readEngine(probe, socket, options);
    } catch (error) {
      noteError(probe, 'containers', error, socket);
    }
  }
  return undefined;
}

/** Where engines listen on this machine. A DOCKER_HOST on another machine says nothing about this one. */
function socketPaths(env: Environment): string[] {
  const chosen = env['DOCKER_HOST']?.startsWith('unix://') === true ? env['DOCKER_HOST'].slice('unix://'.length) : '';
  if (chosen !== '') return [chosen];
  const ofUser = env['XDG_RUNTIME_DIR'];
  const ofRoot = ['/var/run/docker.sock', '/run/podman/podman.sock'];
  if (ofUser === undefined || ofUser === '') return ofRoot;
  return [...ofRoot, `${ofUser}/docker.sock`, `${ofUser}/podman/podman.sock`];
}

function exists(probe: Probe, path: string): boolean {
  try {
    return lstatSync(probe.root + path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A folder that we may not enter is there, and what is in it will be told by the attempt to connect.
    return true;
  }
}

async function readEngine(probe: Probe, socket: string, options: ContainersOptions): Promise<ContainersSection> {
  const { Agent, get } = await import('node:http');
  const agent = new Agent({ keepAlive: true });
  const { signal, lateness } = createDeadline(options);
  try {
    return await readContainers(probe, socket, (path) => {
      return askEngine(get, { agent, socketPath: probe.root + socket, path, signal }, lateness);
    });
  } finally {
    agent.destroy();
  }
}

async function readContainers(probe: Probe, socket: string, ask: Ask): Promise<ContainersSection> {
  const version = fieldsOf(await ask('/version'), 'about its version');
  const list = await ask('/containers/json?all=1');
  if (!Array.isArray(list)) throw new SyntaxError('the engine did not answer with a list of containers');
  const containers = list.map(parseListed);

  const queue = containers.values();
  let failure: unknown;
  const work = async (): Promise<void> => {
    for (const container of queue) {
      try {
        Object.assign(container, parseInspected(await ask(`/containers/${container.id}/json`)));
      } catch (error) {
        // Gone since the list was made, or the engine stopped answering: what the list says still holds.
        if (!(error instanceof Error && 'status' in error && error.status === 404)) failure ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  // One error for all: an engine that is stuck fails the same way for each of a thousand containers.
  if (failure !== undefined) noteError(probe, 'containers', failure, socket);

  const section: ContainersSection = {
    engine: JSON.stringify(version['Components'] ?? '').includes('"Podman Engine"') ? 'podman' : 'docker',
    running: containers.filter(({ state }) => state === 'running').length,
    total: containers.length,
    containers,
  };
  const number = textOf(version['Version']);
  if (number !== undefined) section.engine_version = number;
  return section;
}

/** A container of `GET /containers/json` (Docker Engine API 1.24 and later). Exported for tests. */
export function parseListed(entry: unknown): Container {
  const fields = fieldsOf(entry, 'about a container');
  const id = fields['Id'];
  if (typeof id !== 'string' || !/^[0-9a-f]+$/i.test(id))
    throw new SyntaxError('the engine named a container without its id');
  const names: unknown = fields['Names'];
  const name: unknown = Array.isArray(names) ? names[0] : undefined;
  const container: Container = {
    id,
    name: textOf(name)?.replace(/^\//, '') ?? '',
    image: textOf(fields['Image']) ?? '',
    state: textOf(fields['State']) ?? 'unknown',
  };
  // `Up 3 hours (unhealthy)`, `Up 2 seconds (health: starting)`.
  const health = /\((?:health: )?(healthy|unhealthy|starting)\)$/.exec(textOf(fields['Status']) ?? '');
  if (health !== null) container.health = health[1]!;
  return container;
}

/** What only `GET /containers/ID/json` knows. Exported for tests. */
export function parseInspected(answer: unknown): Partial<Container> {
  const fields = fieldsOf(answer, 'about a container');
  const details: Partial<Container> = {};
  if (typeof fields['RestartCount'] === 'number') details.restart_count = fields['RestartCount'];
  const state = fieldsOf(fields['State'], 'about the state of a container');
  const started = Date.parse(textOf(state['StartedAt']) ?? '');
  // A container that never ran started in the year 1.
  if (started > 0) details.started = new Date(started).toISOString();
  // Podman does not put it into the list.
  const health = isRecord(state['Health']) ? state['Health']['Status'] : undefined;
  if (health === 'healthy' || health === 'unhealthy' || health === 'starting') details.health = health;
  return details;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? printable(value) : undefined;
}

function fieldsOf(answer: unknown, about: string): Readonly<Record<string, unknown>> {
  if (!isRecord(answer)) throw new SyntaxError(`the engine gave no usable answer ${about}`);
  return answer;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One clock for all requests, and what to say when it has run out. */
function createDeadline({ signal, timeoutSeconds }: ContainersOptions): {
  signal: AbortSignal;
  lateness: () => string;
} {
  // A fraction or more than the longest timer is refused by Node.
  const timeout = AbortSignal.timeout(Math.min(Math.ceil(timeoutSeconds * 1000), 2 ** 31 - 1));
  return {
    signal: AbortSignal.any([signal, timeout]),
    lateness: () =>
      timeout.aborted ? `did not answer within ${timeoutSeconds}s` : 'had not answered when the run ended',
  };
}

type Request = RequestOptions & { signal: AbortSignal };

async function askEngine(get: typeof Get, request: Request, lateness: () => string): Promise<unknown> {
  const { status, body } = await send(get, request).catch((error: unknown) => {
    if (!request.signal.aborted) throw error;
    throw Object.assign(new Error(`the engine ${lateness()}`), { code: 'ETIMEDOUT', cause: error });
  });
  if (status < 200 || status > 299) {
    throw Object.assign(new Error(`the engine answered with status ${status}`), { status });
  }
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new SyntaxError('the engine answered with something else than JSON', { cause: error });
  }
}

function send(get: typeof Get, request: Request): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = get({ ...request, headers: { host: 'localhost' } }, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > longestAnswer) sent.destroy(new Error('the engine answered with more than 64 MiB'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
  });
}
