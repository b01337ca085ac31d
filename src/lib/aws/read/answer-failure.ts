import { UserError } from '../../errors/user-error.ts';
import { XmlMistake } from '../xml/xml-mistake.ts';

/** A body that does not go on. It has the name by which the SDK knows what is worth another attempt. */
export class SilentAnswer extends Error {
  override readonly name = 'TimeoutError';

  constructor(seconds: number) {
    super(`stops in the middle for ${seconds} s`);
  }
}

/** What is wrong with an answer, for people; undefined for failures that are not ours to name. */
export function answerFailure(error: unknown, asked: string): UserError | undefined {
  if (error instanceof SilentAnswer) {
    return new UserError(`${asked}: the answer ${error.message}`, { code: 'timeout', cause: error });
  }
  if (!(error instanceof XmlMistake)) return undefined;
  const message = `${asked}: the answer ${error.message}`;
  switch (error.kind) {
    case 'truncated':
      return new UserError(message, { code: 'network', hints: ['try again'], cause: error });
    case 'foreign':
      return new UserError(message, {
        hints: ['something other than AWS answers there: check --endpoint-url, AWS_ENDPOINT_URL and the proxy'],
        cause: error,
      });
    case 'broken':
    case 'too-large':
      return new UserError(message, { cause: error });
  }
}
