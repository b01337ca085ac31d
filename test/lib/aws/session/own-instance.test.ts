import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownInstanceId } from '../../../../src/lib/aws/session/own-instance.ts';
import { answering } from './answering.ts';

let firmwareFolder: string;
const signal = new AbortController().signal;
const id = 'i-0123456789abcdef0';

beforeEach(() => (firmwareFolder = mkdtempSync(join(tmpdir(), 'devops-dmi-'))));
afterEach(() => rmSync(firmwareFolder, { recursive: true, force: true }));

test('the firmware of a Nitro instance knows its id, and nothing is sent', async () => {
  await using server = await answering((_, response) => response.end('i-00000000000000000'));
  writeFileSync(join(firmwareFolder, 'board_asset_tag'), `${id}\n`);
  const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT: server.url };
  expect(await ownInstanceId({ env, signal, firmwareFolder })).toBe(id);
  expect(server.asked).toEqual([]);
});

test('elsewhere the metadata service is asked with a token, and version 1 where it refuses tokens', async () => {
  let hasTokens = true;
  await using server = await answering(({ method, headers }, response) => {
    if (method === 'PUT') response.writeHead(hasTokens ? 200 : 403).end('TOKEN');
    else if (hasTokens && headers['x-aws-ec2-metadata-token'] !== 'TOKEN') response.writeHead(401).end();
    else response.end(id);
  });
  const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT: server.url };
  expect(await ownInstanceId({ env, signal, firmwareFolder })).toBe(id);
  hasTokens = false;
  expect(await ownInstanceId({ env, signal, firmwareFolder })).toBe(id);
  const onlyNew = { ...env, AWS_EC2_METADATA_V1_DISABLED: 'true' };
  expect(await ownInstanceId({ env: onlyNew, signal, firmwareFolder })).toBeUndefined();
});

test('a machine that is none of EC2, or has no service, has no id', async () => {
  writeFileSync(join(firmwareFolder, 'board_asset_tag'), 'Default string');
  writeFileSync(join(firmwareFolder, 'sys_vendor'), 'QEMU');
  expect(await ownInstanceId({ env: {}, signal, firmwareFolder })).toBeUndefined();
  await using server = await answering((_, response) => response.end('<html>'));
  const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT: server.url };
  expect(await ownInstanceId({ env, signal, firmwareFolder })).toBeUndefined();
  expect(server.asked).toHaveLength(2);
  expect(
    await ownInstanceId({ env: { ...env, AWS_EC2_METADATA_DISABLED: 'TRUE' }, signal, firmwareFolder }),
  ).toBeUndefined();
  expect(server.asked).toHaveLength(2);
});

test('a service that never answers, or without end, is given up after a second', async () => {
  await using server = await answering(({ method }, response) => {
    // The token never comes, the id never ends.
    if (method === 'GET') response.write('i-');
  });
  const began = performance.now();
  const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT: server.url };
  expect(await ownInstanceId({ env, signal, firmwareFolder })).toBeUndefined();
  expect(performance.now() - began).toBeLessThan(3000);
});

test('whoever interrupts is not kept waiting, and learns that it was interrupted', async () => {
  await using server = await answering(() => {});
  const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT: server.url };
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('Ctrl-C')), 20);
  await expect(ownInstanceId({ env, signal: controller.signal, firmwareFolder })).rejects.toThrow('Ctrl-C');
});
