/** Lines that are on their way to the file. Whoever appends leaves room for the longest line, see `write-day.ts`. */
export interface LineBlock {
  bytes: Buffer;
  /** Where the next byte goes. */
  end: number;
}

const zero = 0x30;
const hexDigits = Buffer.from('0123456789abcdef', 'latin1');

export function appendBytes(block: LineBlock, bytes: Buffer): void {
  block.bytes.set(bytes, block.end);
  block.end += bytes.length;
}

/** A whole number below 10 to the power of `width`, with leading zeros. */
export function appendPadded(block: LineBlock, value: number, width: number): void {
  let rest = value;
  for (let at = block.end + width - 1; at >= block.end; at--) {
    const next = Math.floor(rest / 10);
    block.bytes[at] = zero + rest - next * 10;
    rest = next;
  }
  block.end += width;
}

/** A whole number from 0 to 999,999,999 as people write it. */
export function appendNumber(block: LineBlock, value: number): void {
  let width = 1;
  for (let limit = 10; value >= limit; limit *= 10) width++;
  appendPadded(block, value, width);
}

/** 32 bits as eight hexadecimal digits. */
export function appendHex(block: LineBlock, value: number): void {
  for (let shift = 28; shift >= 0; shift -= 4) block.bytes[block.end++] = hexDigits[(value >>> shift) & 15]!;
}

/** `13:05:07` */
export function appendTimeOfDay(block: LineBlock, second: number): void {
  appendPadded(block, Math.floor(second / 3600), 2);
  block.bytes[block.end++] = 0x3a;
  appendPadded(block, Math.floor(second / 60) % 60, 2);
  block.bytes[block.end++] = 0x3a;
  appendPadded(block, second % 60, 2);
}
