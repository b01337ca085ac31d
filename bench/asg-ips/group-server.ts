// A region with one autoscaling group in it, as a process of its own: node bench/asg-ips/group-server.ts INSTANCES
// Prints its port. The answers are made once and only sent after that, so that the clients are what is measured.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { groupDocument, instancePages } from './documents.ts';

/** What DescribeInstances gives at most in one answer. */
const pageSize = 1000;

const count = Number(process.argv[2]);
const pages = instancePages(count, pageSize);
const group = groupDocument(count);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('error', () => response.destroy());
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const parameters = new URLSearchParams(Buffer.concat(chunks).toString());
    const body = answer(parameters);
    response.writeHead(body === undefined ? 400 : 200, { 'content-type': 'text/xml;charset=UTF-8' });
    response.end(body ?? `<Response><Errors><Error><Code>InvalidAction</Code></Error></Errors></Response>`);
  });
});

function answer(parameters: URLSearchParams): Buffer | undefined {
  const action = parameters.get('Action');
  if (action === 'DescribeAutoScalingGroups') return group;
  if (action === 'DescribeInstances') return pages[Number(parameters.get('NextToken') ?? 0)];
  return undefined;
}

server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
// Whoever started this has gone.
process.stdin.resume().on('end', () => process.exit());
