import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TwinInstance } from './instance.ts';

export interface MetadataService {
  readonly url: string;
  /** What makes clients ask it. */
  readonly env: Record<string, string>;
  /** `PUT /latest/api/token`, `GET /latest/meta-data/instance-id` ... */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

const session = 'AQAEAGs2Yk5vdGFSZWFsVG9rZW4=';

/** The instance metadata service, version 2 only: without a token it answers 401. */
export async function serveMetadata(instance: TwinInstance, region: string): Promise<MetadataService> {
  const requests: string[] = [];
  const documents: Record<string, string> = {
    '/latest/meta-data/instance-id': instance.id,
    '/latest/meta-data/placement/region': region,
    '/latest/meta-data/placement/availability-zone': instance.zone,
    '/latest/meta-data/instance-type': instance.type,
    '/latest/dynamic/instance-identity/document': JSON.stringify(
      {
        accountId: instance.account,
        architecture: 'x86_64',
        availabilityZone: instance.zone,
        instanceId: instance.id,
        instanceType: instance.type,
        privateIp: instance.privateIp,
        region,
        version: '2017-09-30',
      },
      null,
      2,
    ),
  };
  const server = createServer((request, response) => {
    const { method, url = '', headers } = request;
    requests.push(`${method} ${url}`);
    request.resume();
    if (url === '/latest/api/token') {
      const seconds = Number(headers['x-aws-ec2-metadata-token-ttl-seconds']);
      const good = method === 'PUT' && seconds >= 1 && seconds <= 21_600;
      response.writeHead(good ? 200 : 400, { 'content-type': 'text/plain' }).end(good ? session : 'Bad Request');
      return;
    }
    const document = Object.hasOwn(documents, url) ? documents[url] : undefined;
    const status = headers['x-aws-ec2-metadata-token'] !== session ? 401 : document === undefined ? 404 : 200;
    response.writeHead(status, { 'content-type': 'text/plain' }).end(status === 200 ? document : undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: url, AWS_EC2_METADATA_DISABLED: 'false' },
    requests,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
