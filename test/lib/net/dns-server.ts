import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';

/** What is answered: addresses, none of this kind (`[]`), an error by its RCODE (RFC 1035, 4.1.1), or nothing at all. */
export type DnsAnswer = readonly string[] | 'SERVFAIL' | 'NXDOMAIN' | 'REFUSED' | 'nothing';

export interface DnsServer extends AsyncDisposable {
  /** For `nameServers` of a resolver. */
  address: string;
  /** `A one.test`, in the order in which they came; a question that is asked again stands there again. */
  questions: string[];
}

const codes = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;
const typeNames: Readonly<Record<number, 'A' | 'AAAA'>> = { 1: 'A', 28: 'AAAA' };
const headerLength = 12;

/** A name server on a free UDP port of 127.0.0.1 that says what it is told, late if it is told to. */
export async function startDnsServer(
  answer: (name: string, type: 'A' | 'AAAA') => DnsAnswer | Promise<DnsAnswer>,
): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const questions: string[] = [];
  let isOpen = true;
  const reply = async (question: Buffer, from: RemoteInfo): Promise<void> => {
    const { name, type, end } = readQuestion(question);
    questions.push(`${type} ${name}`);
    const said = await answer(name, type);
    if (said !== 'nothing' && isOpen) socket.send(message(question.subarray(0, end), said), from.port, from.address);
  };
  socket.on('message', (question, from) => void reply(question, from));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    async [Symbol.asyncDispose]() {
      isOpen = false;
      socket.close();
      await once(socket, 'close');
    },
  };
}

function readQuestion(question: Buffer): { name: string; type: 'A' | 'AAAA'; end: number } {
  const labels: string[] = [];
  let at = headerLength;
  for (let length = question[at++]!; length > 0; length = question[at++]!) {
    labels.push(question.toString('latin1', at, at + length));
    at += length;
  }
  const type = typeNames[question.readUInt16BE(at)];
  if (type === undefined) throw new Error(`a question of type ${question.readUInt16BE(at)}`);
  // In any case of letters: some resolvers mix them to tell right answers from forged ones.
  return { name: labels.join('.').toLowerCase(), type, end: at + 4 };
}

function message(question: Buffer, answer: Exclude<DnsAnswer, 'nothing'>): Buffer {
  const records = typeof answer === 'string' ? [] : answer.map((address) => record(addressBytes(address)));
  const header = Buffer.from(question.subarray(0, headerLength));
  // An answer, recursion as asked for and available.
  header[2] = 0x80 | (header[2]! & 0x01);
  header[3] = 0x80 | (typeof answer === 'string' ? codes[answer] : 0);
  header.writeUInt16BE(records.length, 6);
  // Whatever else was in the message, such as EDNS.
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, question.subarray(headerLength), ...records]);
}

/** For the name of the question, to which the pointer leads. */
function record(data: Buffer): Buffer {
  const head = Buffer.from([0xc0, headerLength, 0, data.length === 4 ? 1 : 28, 0, 1, 0, 0, 0, 0, 0, data.length]);
  return Buffer.concat([head, data]);
}

function addressBytes(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const groups = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
