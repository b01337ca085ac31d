import { appendBytes, appendHex, appendNumber, appendPadded, appendTimeOfDay, type LineBlock } from './line-block.ts';
import type { Random } from './random.ts';
import { day, needle, type DayLog } from './write-day.ts';

interface Kind {
  /** From the level to the trace identity. */
  head: Buffer;
  /** From the status on. */
  tail: Buffer;
  /** No request of this kind takes longer. */
  mostMilliseconds: number;
}

const timeStart = Buffer.from(`{"time":"${day}T`);
const timeEnd = Buffer.from('Z","level":"');
const duration = Buffer.from('","duration_ms":');
const path = Buffer.from(',"path":"/api/v1/orders/');

const info = [
  kindOf('info', 'checkout', 200, 'order placed, 0 errors', 1200),
  kindOf('info', 'search', 200, 'query answered from the second shard of the index', 1200),
  kindOf('info', 'users', 204, 'session renewed', 1200),
  kindOf('debug', 'catalog', 200, 'cache hit, nothing to load from the database', 1200),
];
const warn = kindOf('warn', 'pricing', 200, 'answer of the pricing service was late', 4000);
const error = kindOf('error', 'payment', 500, 'the acquirer did not answer: "connection reset"', 2000);
const needleKind = kindOf('error', 'payment', 502, `the acquirer answered ${needle}`, 900);

/** One object a line, as pino and its relatives write them; one line in 256 is of level error. */
export const jsonLog: DayLog = {
  seed: 0x297a2d39,
  event(block, millisecond, random) {
    const draw = random();
    append(block, millisecond, random, kindFor(draw & 255, draw >>> 8));
  },
  needle: (block, millisecond, random) => append(block, millisecond, random, needleKind),
};

function kindFor(place: number, draw: number): Kind {
  if (place === 0) return error;
  return place < 12 ? warn : info[draw & 3]!;
}

function append(block: LineBlock, millisecond: number, random: Random, kind: Kind): void {
  appendBytes(block, timeStart);
  appendTimeOfDay(block, Math.floor(millisecond / 1000));
  block.bytes[block.end++] = 0x2e;
  appendPadded(block, millisecond % 1000, 3);
  appendBytes(block, timeEnd);
  appendBytes(block, kind.head);
  for (let words = 0; words < 4; words++) appendHex(block, random());
  appendBytes(block, duration);
  const draw = random();
  appendNumber(block, (draw >>> 4) % kind.mostMilliseconds);
  appendBytes(block, path);
  appendNumber(block, draw % 1_000_000);
  appendBytes(block, kind.tail);
}

function kindOf(level: string, service: string, status: number, message: string, mostMilliseconds: number): Kind {
  const words = JSON.stringify({ status, method: 'GET', region: 'eu-central-1', message });
  return {
    head: Buffer.from(`${level}","service":"${service}","host":"web-07.example.com","trace_id":"`),
    tail: Buffer.from(`",${words.slice(1)}\n`),
    mostMilliseconds,
  };
}
