import { brokenHandshake } from './broken-handshake.ts';
import { foreignAnswer, foreignAnswerLength } from './foreign-answer.ts';

export const contentTypes = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 };

/**
 * Takes what stands in a record: the bytes from `start` to `end` of `chunk`, one part of it or all. An empty record
 * has one empty part.
 */
export type FragmentReader = (contentType: number, chunk: Buffer, start: number, end: number) => void;

/** Most bytes of one record that is not encrypted (RFC 5246, 6.2.1). */
const maximumLength = 2 ** 14;
const headerLength = 5;

/**
 * Takes records (RFC 5246, 6.2.1) apart, whatever pieces they come in. It keeps five bytes.
 *
 * @returns takes the next piece. Throws ProbeFailure: `not-tls` at the first byte that cannot begin a record, later
 * `handshake-failed`
 */
export function recordReader(onFragment: FragmentReader): (chunk: Buffer) => void {
  const header = Buffer.alloc(headerLength);
  let headerFilled = 0;
  let left = 0;
  let isFirst = true;

  /** After every byte, so that nothing is waited for once it is clear that no TLS will come. */
  function checkHeader(chunk: Buffer, offset: number): void {
    const isValid = headerFilled === 1 ? isContentType(header[0]!) : headerFilled === 2 ? header[1] === 3 : true;
    if (isValid) return;
    if (!isFirst) throw brokenHandshake('what follows its first record is none');
    const rest = chunk.subarray(offset, offset + foreignAnswerLength);
    throw foreignAnswer(Buffer.concat([header.subarray(0, headerFilled), rest]));
  }

  return (chunk) => {
    let offset = 0;
    while (offset < chunk.length) {
      if (headerFilled < headerLength) {
        header[headerFilled++] = chunk[offset++]!;
        checkHeader(chunk, offset);
        if (headerFilled < headerLength) continue;
        left = header.readUInt16BE(3);
        if (left > maximumLength) throw brokenHandshake(`a record of ${left} bytes, and ${maximumLength} are allowed`);
        isFirst = false;
        if (left > 0) continue;
      }
      const end = Math.min(chunk.length, offset + left);
      left -= end - offset;
      if (left === 0) headerFilled = 0;
      onFragment(header[0]!, chunk, offset, end);
      offset = end;
    }
  };
}

function isContentType(byte: number): boolean {
  return byte >= contentTypes.changeCipherSpec && byte <= contentTypes.applicationData;
}
