import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { answerFailure } from '../../../../src/lib/aws/read/answer-failure.ts';
import { instancePageReader } from '../../../../src/lib/aws/read/instance-page.ts';
import { answerReader } from '../../../../src/lib/aws/read/read-answer.ts';

test('a body that does not go on is given up, with the name by which the SDK asks again', async () => {
  const body = new PassThrough();
  body.write('<DescribeInstancesResponse><reservationSet>');
  const failure: unknown = await answerReader(
    instancePageReader(undefined),
    0.05,
  )(body).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'TimeoutError' });
  expect(answerFailure(failure, 'DescribeInstances in eu-central-1')).toMatchObject({
    code: 'timeout',
    message: 'DescribeInstances in eu-central-1: the answer stops in the middle for 0.05 s',
  });
  expect(body.destroyed).toBe(true);
});

test('a body that is slow but goes on is read to its end', async () => {
  const body = new PassThrough();
  const page = answerReader(instancePageReader(undefined), 0.2)(body);
  for (const part of ['<DescribeInstances', 'Response><nextToken>a', 'b</nextToken>', '</DescribeInstancesResponse>']) {
    body.write(part);
    await new Promise((resolve) => setTimeout(resolve, 80));
  }
  body.end();
  expect(await page).toEqual({ rows: [], nextToken: 'ab' });
});

test('addresses are told in the order of the interfaces, the flagged IPv6 address first', async () => {
  const one = (index: number, inside: string): string =>
    `<item><attachment><deviceIndex>${index}</deviceIndex></attachment>${inside}</item>`;
  const body = new PassThrough();
  body.end(
    '<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>i-1</instanceId>' +
      '<instanceState><name>running</name></instanceState><launchTime>2026-11-20T08:00:00.000Z</launchTime>' +
      '<privateIpAddress>10.0.0.1</privateIpAddress><ipAddress>192.0.2.1</ipAddress><networkInterfaceSet>' +
      one(
        1,
        '<privateIpAddress>10.0.1.1</privateIpAddress><ipv6AddressesSet><item><ipv6Address>2001:db8::9</ipv6Address></item></ipv6AddressesSet>',
      ) +
      one(
        0,
        '<privateIpAddress>10.0.0.1</privateIpAddress><association><publicIp>192.0.2.1</publicIp></association>' +
          '<privateIpAddressesSet><item><privateIpAddress>10.0.0.1</privateIpAddress></item><item><privateIpAddress>10.0.0.2</privateIpAddress>' +
          '<association><publicIp>192.0.2.2</publicIp></association></item></privateIpAddressesSet>' +
          '<ipv6AddressesSet><item><ipv6Address>2001:db8::1</ipv6Address></item><item><ipv6Address>2001:db8::2</ipv6Address>' +
          '<isPrimaryIpv6>true</isPrimaryIpv6></item></ipv6AddressesSet>',
      ) +
      '</networkInterfaceSet></item></instancesSet><ownerId>123456789012</ownerId></item></reservationSet></DescribeInstancesResponse>',
  );
  const { rows } = await answerReader(instancePageReader('none'))(body);
  expect(rows).toMatchObject([
    {
      account: '123456789012',
      privateIp: '10.0.0.1',
      privateIps: ['10.0.0.1', '10.0.0.2', '10.0.1.1'],
      publicIps: ['192.0.2.1', '192.0.2.2'],
      ipv6Addresses: ['2001:db8::2', '2001:db8::1', '2001:db8::9'],
    },
  ]);
});
