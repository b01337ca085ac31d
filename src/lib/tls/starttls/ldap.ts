import { mostBytesOfAnswer, type Conversation, type Measure } from './conversation.ts';
import { refused } from './refusal.ts';

const startTls = '1.3.6.1.4.1.1466.20037';
const [sequence, integer, octetString, enumerated] = [0x30, 0x02, 0x04, 0x0a];
/** APPLICATION 23 and 24 of RFC 4511 4.12, and in the former the name of the operation. */
const [extendedRequest, extendedResponse, requestName] = [0x77, 0x78, 0x80];

/** Those results of RFC 4511 4.1.9 and appendix A that a server may give to StartTLS. */
const results: ReadonlyMap<number, string> = new Map([
  [1, 'operationsError'],
  [2, 'protocolError'],
  [8, 'strongerAuthRequired'],
  [10, 'referral'],
  [11, 'adminLimitExceeded'],
  [13, 'confidentialityRequired'],
  [50, 'insufficientAccessRights'],
  [51, 'busy'],
  [52, 'unavailable'],
  [53, 'unwillingToPerform'],
  [80, 'other'],
]);

/** LDAP with the extended operation StartTLS (RFC 4511 4.14). */
export async function startLdap(conversation: Conversation): Promise<void> {
  const name = element(requestName, Buffer.from(startTls));
  await conversation.write(
    element(sequence, Buffer.concat([element(integer, Buffer.of(1)), element(extendedRequest, name)])),
  );
  const message = await conversation.read(measureMessage);
  const answer = readResult(message);
  if (answer === undefined) throw conversation.foreign(message);
  if (answer.code === 0) return;
  const result = `${results.get(answer.code) ?? 'result'} (${answer.code})`;
  throw refused('StartTLS', answer.text === '' ? result : `${result} ${answer.text}`);
}

function element(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag, content.length), content]);
}

const measureMessage: Measure = (bytes) => {
  if (bytes[0] !== sequence) return 'foreign';
  const header = readHeader(bytes, 0);
  if (header === undefined) return bytes.length < 6 ? 'incomplete' : 'foreign';
  return header.end > mostBytesOfAnswer ? 'foreign' : header.end;
};

/** Result code and diagnostic message of an ExtendedResponse; undefined when the message is none. */
function readResult(message: Buffer): { code: number; text: string } | undefined {
  const outer = readHeader(message, 0);
  const id = outer && readHeader(message, outer.start);
  const response = id && readHeader(message, id.end);
  const code = response && readHeader(message, response.start);
  const matchedName = code && readHeader(message, code.end);
  const text = matchedName && readHeader(message, matchedName.end);
  if (!text || text.end > response.end || response.end > outer.end) return undefined;
  const tags = [outer, id, response, code, matchedName, text].map(({ tag }) => tag);
  const expected = [sequence, integer, extendedResponse, enumerated, octetString, octetString];
  if (tags.some((tag, index) => tag !== expected[index]) || code.end - code.start !== 1) return undefined;
  return { code: message[code.start]!, text: message.toString('utf8', text.start, text.end) };
}

/** Tag and range of a BER element; undefined when its header is cut off or has a form that LDAP forbids. */
function readHeader(bytes: Buffer, offset: number): { tag: number; start: number; end: number } | undefined {
  const [tag, first] = [bytes[offset], bytes[offset + 1]];
  if (tag === undefined || first === undefined) return undefined;
  const start = offset + 2;
  if (first < 0x80) return { tag, start, end: start + first };
  // Active Directory writes every length in the long form, with leading zeros.
  const count = first - 0x80;
  if (count < 1 || count > 4 || start + count > bytes.length) return undefined;
  return { tag, start: start + count, end: start + count + bytes.readUIntBE(start, count) };
}
