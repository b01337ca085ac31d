import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { type OutputChunk, type OutputOptions, type RolldownOptions, rolldown } from 'rolldown';
import { beforeAll, expect, test } from 'vitest';
import config from '../../rolldown.config.ts';
import { startTwin } from '../support/aws-twin/aws-twin.ts';

const ofSdk = /\/node_modules\/@(?:aws-sdk|smithy)\//;

let product: readonly OutputChunk[];
let lambda: readonly OutputChunk[];

beforeAll(async () => {
  const [ofProduct, ofLambda] = config as readonly RolldownOptions[];
  product = await build(ofProduct!);
  lambda = await build(ofLambda!);
}, 60_000);

async function build({ output, ...input }: RolldownOptions): Promise<OutputChunk[]> {
  const bundle = await rolldown({ ...input, logLevel: 'silent' });
  const made = await bundle.generate(output as OutputOptions);
  await bundle.close();
  return made.output.filter((file) => file.type === 'chunk');
}

const isOfSdk = ({ moduleIds }: OutputChunk): boolean => moduleIds.some((id) => ofSdk.test(id));

/** All files that are read before the first line of this one runs. */
function loadedWith(chunk: OutputChunk): Set<OutputChunk> {
  const loaded = new Set([chunk]);
  for (const one of loaded) {
    for (const name of one.imports) {
      const imported = product.find(({ fileName }) => fileName === name);
      if (imported !== undefined) loaded.add(imported);
    }
  }
  return loaded;
}

test('the AWS part of the product has at most 400 KB', () => {
  const sizes = product.filter(isOfSdk).map(({ fileName, code }) => [fileName, code.length] as const);
  const sum = sizes.reduce((total, [, size]) => total + size, 0);
  expect(sum).toBeGreaterThan(100_000);
  expect(sum, JSON.stringify(sizes)).toBeLessThanOrEqual(400_000);
});

test('neither the start nor the help of any command loads the SDK', () => {
  const starts = product.filter(({ moduleIds }) =>
    moduleIds.some((id) => /\/src\/(?:main|commands\/.*)\.ts$/.test(id)),
  );
  expect(starts.length).toBeGreaterThan(5);
  for (const start of starts) {
    expect(
      [...loadedWith(start)].filter(isOfSdk).map(({ fileName }) => fileName),
      start.fileName,
    ).toEqual([]);
  }
});

test('a describe loads the core and its own client, and no login', () => {
  const namesWith = (start: string): string[] =>
    [...loadedWith(product.find(({ fileName }) => fileName.startsWith(start))!)]
      .map(({ fileName }) => fileName.replace(/-.{8}\.js$/, ''))
      .toSorted();
  expect(namesWith('aws-ec2-')).toEqual(['aws-core', 'aws-ec2']);
  expect(namesWith('aws-auto-scaling-')).toEqual(['aws-auto-scaling', 'aws-core']);
});

test('the entry keeps its name for bin/devops, and our own code its names for stack traces', () => {
  const main = product.find(({ fileName }) => fileName === 'main.js')!;
  expect(main.code.includes('(exports, "run", {')).toBe(true);
  expect(main.code.includes('\nasync function runLine(')).toBe(true);
});

test('the Lambda function is one file that a zip of 200 KB holds', () => {
  expect(lambda.map(({ fileName }) => fileName)).toEqual(['lambda/index.js']);
  expect(gzipSync(lambda[0]!.code, { level: 9 }).length).toBeLessThanOrEqual(199_000);
});

test('the one file of the Lambda function asks AWS and answers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'devops-lambda-'));
  const twin = await startTwin();
  try {
    writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');
    writeFileSync(join(folder, 'index.js'), lambda[0]!.code);
    twin.region().addGroup({ name: 'web', desired: 2 });
    twin.clock.advance(600);
    const event = JSON.stringify({ argv: ['asg-ips', 'web'] });
    const call = `require('./index.js').handler(${event}, { getRemainingTimeInMillis: () => 60000 })`;
    const answer = `.then(({ exitCode, records }) => console.error(exitCode, records.length))`;
    const { stderr } = await execa(process.execPath, ['-e', call + answer], {
      cwd: folder,
      env: twin.env,
      extendEnv: false,
      timeout: 20_000,
    });
    expect(stderr).toBe('0 2');
  } finally {
    await twin.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
