// The DNS server inside of `startLateDns`: `node late-dns-server.ts MILLISECONDS ADDRESS`. Ends with its standard input.
import { createSocket } from 'node:dgram';
import { answerTo } from './dns-answer.ts';

const [delay, address] = [Number(process.argv[2]), process.argv[3] ?? '127.0.0.1'];
const socket = createSocket('udp4');
socket.on('message', (question, from) => {
  const answer = answerTo(question, address);
  // Whoever asked may be gone when the answer is ready.
  if (answer !== undefined) setTimeout(() => socket.send(answer, from.port, from.address, () => undefined), delay);
});
socket.bind(53, '127.0.0.1', () => process.stdout.write('listening\n'));
process.stdin.on('end', () => process.exit(0)).resume();
