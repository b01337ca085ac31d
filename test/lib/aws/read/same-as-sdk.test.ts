import { Readable } from 'node:stream';
import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InstanceRow } from '../../../../src/lib/aws/instance-row.ts';
import { addressPageReader } from '../../../../src/lib/aws/read/address-page.ts';
import { groupPageReader } from '../../../../src/lib/aws/read/group-page.ts';
import { instancePageReader } from '../../../../src/lib/aws/read/instance-page.ts';
import type { Page, PageReader } from '../../../../src/lib/aws/read/page.ts';
import { answerReader } from '../../../../src/lib/aws/read/read-answer.ts';
import { createXmlScanner } from '../../../../src/lib/aws/xml/xml-scanner.ts';
import { groupAnswer, instanceAnswer } from './answers.ts';
import { groupsOfSdk, instancesOfSdk } from './sdk-rows.ts';
import { startStandIn, type StandIn } from './stand-in.ts';

let standIn: StandIn;
let served = '';
beforeAll(async () => {
  standIn = await startStandIn((_question, response) => response.end(served));
});
afterAll(() => standIn.stop());

type Scan<Row> = (chunks: readonly Buffer[]) => Page<Row>;

/** Reads one answer after another, as describeInstances does. */
function scanWith<Row>(reader: PageReader<Row>): Scan<Row> {
  const scanner = createXmlScanner(reader.document, 1e9);
  return (chunks) => {
    reader.begin();
    scanner.begin();
    for (const chunk of chunks) scanner.write(chunk);
    scanner.end();
    return reader.page();
  };
}

const scanInstances = scanWith(instancePageReader(undefined));
const scanAddresses = scanWith(addressPageReader());
const scanGroups = scanWith(groupPageReader());

/** The addresses of several interfaces have an order that is tested by itself. */
const sorted = (page: Page<InstanceRow>): Page<InstanceRow> => ({
  ...page,
  rows: page.rows.map((row) => ({
    ...row,
    privateIps: row.privateIps.toSorted(),
    publicIps: row.publicIps.toSorted(),
  })),
});

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const places = [0, ...at.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

const page = <Row>(rows: Row[], token: string | undefined): Page<Row> =>
  token === undefined || token === '' ? { rows } : { rows, nextToken: token };

test('rows of instances are those of the whole answer as the SDK parses it, wherever its chunks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(instanceAnswer, fc.array(fc.nat(), { maxLength: 20 }), async (answer, places) => {
      served = answer;
      const parsed = await (await standIn.target.ec2()).send(new DescribeInstancesCommand({}));
      const expected = page(instancesOfSdk(parsed.Reservations ?? []), parsed.NextToken);
      const bytes = Buffer.from(answer);
      expect(sorted(scanInstances([bytes]))).toEqual(expected);
      expect(sorted(scanInstances(cut(bytes, places)))).toEqual(expected);
      const streamed = await answerReader(instancePageReader(undefined))(Readable.from(cut(bytes, places)));
      expect(sorted(streamed)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test('bare addresses are those of the whole rows, wherever its chunks are cut', () => {
  fc.assert(
    fc.property(instanceAnswer, fc.array(fc.nat(), { maxLength: 20 }), (answer, places) => {
      const bytes = Buffer.from(answer);
      const { rows, ...rest } = scanInstances([bytes]);
      const addresses = rows.map(({ id, state, privateIp, publicIp, ipv6Addresses: [ipv6] }) => {
        const hasIpv4 = privateIp !== undefined || publicIp !== undefined;
        return { id, state, privateIp, publicIp, ipv6: hasIpv4 ? undefined : ipv6 };
      });
      expect(scanAddresses([bytes])).toEqual({ rows: addresses, ...rest });
      expect(scanAddresses(cut(bytes, places))).toEqual({ rows: addresses, ...rest });
    }),
    { numRuns: 500 },
  );
});

test('rows of groups are those of the whole answer as the SDK parses it, wherever its chunks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(groupAnswer, fc.array(fc.nat(), { maxLength: 20 }), async (answer, places) => {
      served = answer;
      const parsed = await (await standIn.target.autoScaling()).send(new DescribeAutoScalingGroupsCommand({}));
      const expected = page(groupsOfSdk(parsed.AutoScalingGroups ?? []), parsed.NextToken);
      const bytes = Buffer.from(answer);
      expect(scanGroups([bytes])).toEqual(expected);
      expect(scanGroups(cut(bytes, places))).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

const readers = [
  { what: 'instances', answers: instanceAnswer, scan: scanInstances as Scan<unknown> },
  { what: 'addresses', answers: instanceAnswer, scan: scanAddresses as Scan<unknown> },
  { what: 'groups', answers: groupAnswer, scan: scanGroups as Scan<unknown> },
];

test.each(readers)('$what: every cut in two, and one byte at a time, gives the same page', ({ answers, scan }) => {
  for (const answer of fc.sample(answers, { numRuns: 5, seed: 20 })) {
    const bytes = Buffer.from(answer);
    const whole = scan([bytes]);
    expect(scan([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole);
    for (let at = 0; at <= bytes.length; at++) {
      const parts = [bytes.subarray(0, at), bytes.subarray(at)];
      expect(scan(parts), `cut at ${at} of ${answer}`).toEqual(whole);
    }
  }
});

test.each(readers)('$what: an answer that ends anywhere before its end is an error', ({ answers, scan }) => {
  for (const answer of fc.sample(answers, { numRuns: 6, seed: 7 })) {
    const bytes = Buffer.from(answer.replace(/(?:<!-- end -->)?\n?$/, ''));
    for (let at = 0; at < bytes.length; at++) {
      expect(() => scan([bytes.subarray(0, at)]), `${at} bytes`).toThrow(/ends in the middle|is empty/);
    }
    expect(scan([bytes])).toBeDefined();
  }
});
