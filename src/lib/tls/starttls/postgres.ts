import { ProbeFailure } from '../probe-failure.ts';
import { mostBytesOfAnswer, type Conversation, type Measure } from './conversation.ts';
import { recogniseProtocol } from './foreign-protocol.ts';
import { refused } from './refusal.ts';

/** Length 8, then the number that stands where a start-up message has the version of the protocol. */
const sslRequest = Buffer.from('0000000804d2162f', 'hex');

/** PostgreSQL with SSLRequest (PostgreSQL's manual, "Message Flow", "SSL Session Encryption"). */
export async function startPostgres(conversation: Conversation): Promise<void> {
  await conversation.write(sslRequest);
  const answer = await conversation.read(measureAnswer);
  switch (String.fromCharCode(answer[0]!)) {
    case 'S':
      return;
    case 'N':
      throw new ProbeFailure('starttls-not-offered', 'the server does not offer TLS, it answered "N" to SSLRequest', {
        hint: 'In postgresql.conf: ssl = on, with ssl_cert_file and ssl_key_file',
      });
    default:
      throw refused('the connection', readError(answer));
  }
}

const measureAnswer: Measure = (bytes) => {
  switch (String.fromCharCode(bytes[0]!)) {
    case 'S':
    case 'N':
      // A greeting of SSH begins with S as well, and one of MySQL with any letter.
      return bytes.length > 1 && recogniseProtocol(bytes) !== undefined ? 'foreign' : 1;
    case 'E':
      return measureError(bytes);
    default:
      return 'foreign';
  }
};

/** An ErrorResponse has a length; the error of a server that cannot fork is text up to a zero byte. */
function measureError(bytes: Buffer): ReturnType<Measure> {
  if (bytes.length < 5) return 'incomplete';
  if (bytes[1] === 0) {
    const length = 1 + bytes.readUInt32BE(1);
    return length < 6 || length > mostBytesOfAnswer ? 'foreign' : length;
  }
  const end = bytes.indexOf(0);
  return end < 0 ? 'incomplete' : end + 1;
}

/** Severity, SQLSTATE and message, fields S, C and M of an ErrorResponse. */
function readError(answer: Buffer): string {
  if (answer[1] !== 0) return answer.toString('utf8', 1, answer.length - 1);
  const fields = new Map(
    answer
      .toString('utf8', 5)
      .split('\0')
      .filter((field) => field !== '')
      .map((field) => [field[0]!, field.slice(1)]),
  );
  return ['S', 'C', 'M'].flatMap((type) => fields.get(type) ?? []).join(' ');
}
