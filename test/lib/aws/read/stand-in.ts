import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import type { AwsTarget } from '../../../../src/lib/aws/target.ts';

/** A server on 127.0.0.1 that answers as `answer` says, and a target whose questions go there. */
export interface StandIn {
  target: AwsTarget;
  /** The parameters of every question so far. */
  questions: URLSearchParams[];
  stop(): Promise<void>;
}

type Answer = (question: URLSearchParams, response: ServerResponse, count: number) => void;

export async function startStandIn(answer: Answer): Promise<StandIn> {
  const questions: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    void readText(request).then((text) => {
      const question = new URLSearchParams(text);
      questions.push(question);
      response.setHeader('content-type', 'text/xml;charset=UTF-8');
      answer(question, response, questions.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const settings = {
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 3,
  };
  const ec2 = new EC2Client(settings);
  const autoScaling = new AutoScalingClient(settings);
  return {
    target: {
      region: 'eu-central-1',
      label: 'eu-central-1',
      ec2: () => Promise.resolve(ec2),
      autoScaling: () => Promise.resolve(autoScaling),
      accountId: () => Promise.resolve('123456789012'),
      close() {},
    },
    questions,
    async stop() {
      ec2.destroy();
      autoScaling.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
