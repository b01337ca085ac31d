import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { containersSection, parseInspected, parseListed } from '../../../src/lib/system/containers.ts';
import type { ContainersOptions } from '../../../src/lib/system/containers.ts';
import { createProbe } from '../../../src/lib/system/probe.ts';

const dockerSocket = '/var/run/docker.sock';

function machine(): string {
  // Short, because the path of a socket has at most 107 bytes.
  const root = mkdtempSync(join(tmpdir(), 'engine-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  return root;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** An engine that listens on a socket below `root`. */
async function startEngine(root: string, path: string, handler: Handler): Promise<void> {
  mkdirSync(dirname(root + path), { recursive: true });
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(root + path, resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
}

function answer(answers: Record<string, unknown>): Handler {
  return ({ url }, response) => {
    const body = answers[url ?? ''];
    if (body === undefined) response.writeHead(404);
    response.end(JSON.stringify(body ?? { message: 'no such thing' }));
  };
}

function ask(root: string, options: Partial<ContainersOptions> = {}) {
  const probe = createProbe(root);
  const signal = new AbortController().signal;
  return { probe, section: containersSection(probe, { env: {}, signal, timeoutSeconds: 10, ...options }) };
}

const web = { Id: 'aa11', Names: ['/web'], Image: 'nginx:1.27', State: 'running', Status: 'Up 3 hours (unhealthy)' };
const job = { Id: 'bb22', Names: ['/job'], Image: 'backup', State: 'exited', Status: 'Exited (1) 2 days ago' };
const created = { Id: 'cc33', Names: ['/new'], Image: 'sha256:00', State: 'created', Status: 'Created' };
const engine = {
  '/version': { Version: '27.3.1', Components: [{ Name: 'Engine' }] },
  '/containers/json?all=1': [web, job, created],
  '/containers/aa11/json': {
    RestartCount: 4,
    State: { StartedAt: '2026-01-02T03:04:05.678901234Z', Health: { Status: 'unhealthy' } },
  },
  '/containers/bb22/json': { RestartCount: 0, State: { StartedAt: '2026-01-01T00:00:00Z' } },
  '/containers/cc33/json': { RestartCount: 0, State: { StartedAt: '0001-01-01T00:00:00Z' } },
};
const described = [
  {
    id: 'aa11',
    name: 'web',
    image: 'nginx:1.27',
    state: 'running',
    health: 'unhealthy',
    restart_count: 4,
    started: '2026-01-02T03:04:05.678Z',
  },
  { id: 'bb22', name: 'job', image: 'backup', state: 'exited', restart_count: 0, started: '2026-01-01T00:00:00.000Z' },
  { id: 'cc33', name: 'new', image: 'sha256:00', state: 'created', restart_count: 0 },
];

test('every container of Docker is told, with its health and its restarts', async () => {
  const root = machine();
  await startEngine(root, dockerSocket, answer(engine));
  const { probe, section } = ask(root);
  expect(await section).toEqual({
    engine: 'docker',
    engine_version: '27.3.1',
    running: 1,
    total: 3,
    containers: described,
  });
  expect(probe).toMatchObject({ errors: [], unavailable: [] });
});

test.each([
  ['/run/podman/podman.sock', {}],
  ['/run/user/1000/podman/podman.sock', { XDG_RUNTIME_DIR: '/run/user/1000' }],
  ['/run/user/1000/docker.sock', { XDG_RUNTIME_DIR: '/run/user/1000' }],
  ['/srv/own.sock', { DOCKER_HOST: 'unix:///srv/own.sock' }],
  // A link of the package podman-docker.
  [dockerSocket, { DOCKER_HOST: 'tcp://192.0.2.1:2376' }],
])('Podman is found at %s', async (path, env) => {
  const root = machine();
  const version = { Version: '5.3.0', Components: [{ Name: 'Podman Engine' }] };
  await startEngine(root, path, answer({ '/version': version, '/containers/json?all=1': [] }));
  expect(await ask(root, { env }).section).toEqual({
    engine: 'podman',
    engine_version: '5.3.0',
    running: 0,
    total: 0,
    containers: [],
  });
});

test('a machine without a socket has no containers, which is no fault', async () => {
  const { probe, section } = ask(machine());
  expect(await section).toBeUndefined();
  expect(probe).toMatchObject({ errors: [], unavailable: [{ section: 'containers' }] });
});

test('a socket that its engine left behind is an error, and the next engine is asked', async () => {
  const root = machine();
  await leaveSocket(root + dockerSocket);
  await startEngine(root, '/run/podman/podman.sock', answer(engine));
  const { probe, section } = ask(root);
  expect(await section).toMatchObject({ total: 3 });
  expect(probe.errors).toMatchObject([{ section: 'containers', code: 'failed', subject: dockerSocket }]);
});

/** A socket file behind which nobody listens: the process that made it was killed. */
async function leaveSocket(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await promisify(execFile)(process.execPath, ['-e', script]).catch(() => undefined);
  expect(existsSync(path)).toBe(true);
}

test.each([
  ['HTML', (_: IncomingMessage, response: ServerResponse) => response.end('<html></html>'), 'parse'],
  ['a failure', (_: IncomingMessage, response: ServerResponse) => response.writeHead(500).end(), 'failed'],
  ['a list that is none', answer({ ...engine, '/containers/json?all=1': { message: 'x' } }), 'parse'],
  ['a version that is none', answer({ ...engine, '/version': [] }), 'parse'],
  ['null', answer({ ...engine, '/containers/json?all=1': [null] }), 'parse'],
  ['no answer', () => undefined, 'timeout'],
  ['half an answer', (_: IncomingMessage, response: ServerResponse) => response.write('{"Ver'), 'timeout'],
  ['a broken answer', (_: IncomingMessage, response: ServerResponse) => cut(response), 'failed'],
])('%s in the place of containers is an error, never an empty list', async (_, handler, code) => {
  const root = machine();
  await startEngine(root, dockerSocket, handler);
  const { probe, section } = ask(root, { timeoutSeconds: 0.5 });
  expect(await section).toBeUndefined();
  expect(probe.errors).toMatchObject([{ section: 'containers', code, subject: dockerSocket }]);
  expect(probe.unavailable).toEqual([]);
});

function cut(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{');
  setTimeout(() => response.destroy(), 20);
}

test('something that speaks no HTTP is an error', async () => {
  const root = machine();
  mkdirSync(join(root, 'var/run'), { recursive: true });
  const server = createSocketServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-x\r\n'));
  await new Promise<void>((resolve) => server.listen(root + dockerSocket, resolve));
  onTestFinished(() => void server.close());
  const { probe, section } = ask(root);
  expect(await section).toBeUndefined();
  expect(probe.errors).toMatchObject([{ code: 'failed', subject: dockerSocket }]);
});

test('a socket that we may not open is an error of permission', async () => {
  const root = machine();
  await startEngine(root, dockerSocket, answer(engine));
  chmodSync(root + dockerSocket, 0);
  // root may open everything, so a process of nobody asks: with what it needs in a folder that nobody may enter.
  const source = join(import.meta.dirname, '../../../src/lib/system/containers.ts');
  const program = join(root, 'ask.mjs');
  writeFileSync(
    program,
    `import { containersSection } from ${JSON.stringify(source)};
    const probe = { root: ${JSON.stringify(root)}, errors: [], unavailable: [] };
    if (process.getuid() === 0) { process.setgroups([]); process.setgid(65534); process.setuid(65534); }
    await import('node:http');
    const section = await containersSection(probe, { env: {}, signal: AbortSignal.timeout(9000), timeoutSeconds: 5 });
    console.log(JSON.stringify({ section, errors: probe.errors }));`,
  );
  chmodSync(root, 0o755);
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 20_000 });
  expect(JSON.parse(stdout)).toMatchObject({ errors: [{ code: 'permission', subject: dockerSocket }] });
});

test('a container that went away after the list was made keeps what the list said', async () => {
  const root = machine();
  const { '/containers/bb22/json': _, ...others } = engine;
  await startEngine(root, dockerSocket, answer(others));
  const { probe, section } = ask(root);
  expect((await section)?.containers[1]).toEqual({ id: 'bb22', name: 'job', image: 'backup', state: 'exited' });
  expect(probe.errors).toEqual([]);
});

test('an engine that gets stuck in the middle keeps its list, and one error tells that the rest is missing', async () => {
  const root = machine();
  const handler = answer(engine);
  await startEngine(root, dockerSocket, (request, response) => {
    if (!/[ab]{2}/.test(request.url ?? '')) handler(request, response);
  });
  const { probe, section } = ask(root, { timeoutSeconds: 0.5 });
  expect((await section)?.containers[0]).toEqual({
    id: 'aa11',
    name: 'web',
    image: 'nginx:1.27',
    state: 'running',
    health: 'unhealthy',
  });
  expect(probe.errors).toMatchObject([{ code: 'timeout', message: 'the engine did not answer within 0.5s' }]);
});

test('1,000 containers are told, at most eight requests at a time', async () => {
  const root = machine();
  const list = Array.from({ length: 1000 }, (_, n) => ({ ...job, Id: n.toString(16).padStart(4, '0') }));
  let open = 0;
  let most = 0;
  await startEngine(root, dockerSocket, ({ url }, response) => {
    most = Math.max(most, ++open);
    setImmediate(() => {
      open--;
      const body = url === '/version' ? engine['/version'] : url?.includes('all=1') === true ? list : { State: {} };
      response.end(JSON.stringify(body));
    });
  });
  const { probe, section } = ask(root);
  expect(await section).toMatchObject({ total: 1000, running: 0 });
  expect(probe.errors).toEqual([]);
  expect(most).toBeLessThanOrEqual(8);
});

test.each([1 / 3, 1e9])('a deadline of %d seconds is one', async (timeoutSeconds) => {
  const root = machine();
  await startEngine(root, dockerSocket, answer(engine));
  expect(await ask(root, { timeoutSeconds }).section).toMatchObject({ total: 3 });
});

test('an interrupted run does not wait for the engine', async () => {
  const root = machine();
  await startEngine(root, dockerSocket, () => undefined);
  const { probe, section } = ask(root, { signal: AbortSignal.timeout(50) });
  expect(await section).toBeUndefined();
  expect(probe.errors).toMatchObject([{ code: 'timeout', message: 'the engine had not answered when the run ended' }]);
});

test('what is hostile or missing in a container does no harm', () => {
  expect(parseListed({ Id: 'a1', Names: ['/x\u001b[2J'], Image: 7, Status: 'Up (healthy) (not)' })).toEqual({
    id: 'a1',
    name: 'x\\x1b[2J',
    image: '',
    state: 'unknown',
  });
  expect(
    parseListed({ Id: 'a1', Names: [], State: 'running', Status: 'Up 1 second (health: starting)' }),
  ).toMatchObject({ name: '', health: 'starting' });
  expect(() => parseListed({ Id: '../../images/json' })).toThrow(SyntaxError);
  expect(() => parseListed({ Names: ['/x'] })).toThrow(SyntaxError);
  expect(parseInspected({ RestartCount: '4', State: { StartedAt: 'soon', Health: { Status: 'none' } } })).toEqual({});
  expect(() => parseInspected({ RestartCount: 1 })).toThrow(SyntaxError);
});
