import { appendBytes, appendNumber, appendTimeOfDay, type LineBlock } from './line-block.ts';
import type { Random } from './random.ts';
import { needle, type DayLog } from './write-day.ts';

const buffers = (texts: readonly string[]): Buffer[] => texts.map((text) => Buffer.from(text));

/** Each list is as long as a power of two. */
const requests = buffers([
  'GET /api/v1/orders/',
  'GET /api/v1/products/',
  'POST /api/v1/cart/items/',
  'GET /static/js/chunk-',
  'GET /api/v1/customers/',
  'PUT /api/v1/cart/',
  'DELETE /api/v1/cart/items/',
  'GET /images/product-',
]);
const agents = buffers([
  '"https://shop.example.com/cart" "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"\n',
  '"https://shop.example.com/" "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/143.0 Safari/537.36"\n',
  '"-" "curl/8.11.1"\n',
  '"https://shop.example.com/search" "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) Mobile/15E148"\n',
]);
/** One answer in 128 is 500 or 503. */
const statuses = buffers(
  Array.from({ length: 256 }, (_, index) => {
    if (index < 2) return index === 0 ? '500' : '503';
    if (index < 12) return '404';
    return index < 28 ? '304' : '200';
  }),
);
const timeStart = Buffer.from(' - - [14/Jan/2026:');
const timeEnd = Buffer.from(' +0000] "');
const requestEnd = Buffer.from(' HTTP/1.1" ');
const needleRequest = Buffer.from(`POST /api/v1/payments?answer=${needle}&id=`);
const badGateway = Buffer.from('502');
const dot = 0x2e;
const blank = 0x20;

/** nginx's `combined` format. */
export const accessLog: DayLog = {
  seed: 0x2c1b3c6d,
  event(block, millisecond, random) {
    const draw = random();
    append(block, millisecond, random, requests[draw & 7]!, statuses[(draw >>> 3) & 255]!);
  },
  needle: (block, millisecond, random) => append(block, millisecond, random, needleRequest, badGateway),
};

function append(block: LineBlock, millisecond: number, random: Random, request: Buffer, status: Buffer): void {
  const address = random();
  appendNumber(block, 1 + ((address >>> 24) % 223));
  for (const shift of [16, 8, 0]) {
    block.bytes[block.end++] = dot;
    appendNumber(block, (address >>> shift) & 255);
  }
  appendBytes(block, timeStart);
  appendTimeOfDay(block, Math.floor(millisecond / 1000));
  appendBytes(block, timeEnd);
  appendBytes(block, request);
  const draw = random();
  appendNumber(block, draw % 1_000_000);
  appendBytes(block, requestEnd);
  appendBytes(block, status);
  block.bytes[block.end++] = blank;
  appendNumber(block, (draw >>> 12) % 65_536);
  block.bytes[block.end++] = blank;
  appendBytes(block, agents[(draw >>> 28) & 3]!);
}
