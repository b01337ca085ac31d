import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { requireProgram } from '../services.ts';

/** One call through boto3: see boto3-steps.py. */
export interface Step {
  service: 'ec2' | 'autoscaling' | 'sts';
  /** boto3's name: `describe_instances`. */
  operation: string;
  arguments?: Record<string, unknown>;
  pages?: boolean;
  /** JMESPath: what of the answer is told. */
  query?: string;
  save?: Record<string, string>;
}

export interface StepAnswer {
  result?: unknown;
  pages?: number;
  error?: { code: string; message: string; status: number };
}

const checkoutPython = fileURLToPath(new URL('../../../.venv/bin/python3', import.meta.url));

/**
 * A Python that has the module: that of scripts/test-services, Debian's, or the one on PATH; undefined when there is none: reported as a missing program, an error
 * with CI=true.
 */
export function requirePython(module: 'boto3' | 'moto', why: string): string | undefined {
  // To import moto itself takes seconds; to look for what it is made of does not.
  const parts = module === 'moto' ? ['moto', 'flask', 'flask_cors'] : ['boto3', 'jmespath'];
  const look = `import sys, importlib.util as util\nsys.exit(not all(map(util.find_spec, sys.argv[1:])))`;
  for (const python of [checkoutPython, '/usr/bin/python3', 'python3']) {
    try {
      execFileSync(python, ['-c', look, ...parts], { stdio: 'ignore', timeout: 30_000 });
      return python;
    } catch {
      // The next one may have it.
    }
  }
  // No program has such a name: this is the report of a missing one.
  return requireProgram(`python3-${module}`, why);
}

/** Runs the steps in one boto3 process, in the environment given alone. */
export async function throughBoto3(
  python: string,
  env: Record<string, string>,
  steps: readonly Step[],
): Promise<StepAnswer[]> {
  const script = fileURLToPath(new URL('boto3-steps.py', import.meta.url));
  const request = { endpoint: env['AWS_ENDPOINT_URL'], region: env['AWS_REGION'], steps };
  return JSON.parse(await programOutput(python, ['-s', script], env, JSON.stringify(request))) as StepAnswer[];
}

/** Standard output of a program; rejects with its standard error when it fails. */
export function programOutput(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
  input = '',
): Promise<string> {
  const environment = { PATH: process.env['PATH'], HOME: '/nonexistent', LC_ALL: 'C.UTF-8', AWS_PAGER: '', ...env };
  return new Promise((resolve, reject) => {
    const options = { env: environment, timeout: 60_000, maxBuffer: 50_000_000 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(stderr, { cause: error }));
    });
    child.stdin!.on('error', () => undefined).end(input);
  });
}

/** moto's server on a port of its own. */
export async function startMoto(python: string): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // Its hundreds of images take long to load and are never asked for.
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', MOTO_EC2_LOAD_DEFAULT_AMIS: 'false' },
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill();
    await ended;
  };
  // Its end is the end of what it says, and of the loop below.
  const deadline = setTimeout(() => child.kill(), 60_000);
  const told: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    const [, url] = /Running on (http:\/\/\S+)/.exec(line) ?? [];
    // What it logs later is read and dropped, or it would wait for room in the pipe.
    if (url !== undefined) {
      clearTimeout(deadline);
      child.stderr.resume();
      return { url, stop };
    }
    told.push(line);
  }
  clearTimeout(deadline);
  await stop();
  throw new Error(`moto's server did not start: ${told.join('\n')}`);
}
