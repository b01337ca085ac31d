import type { ProgramEnd } from '../shell/program-result.ts';

/** Why a program gave no answer, as the end of a sentence about it. */
export function describeEnd(end: ProgramEnd): string {
  switch (end.kind) {
    case 'exited':
      return `it ended with exit code ${end.code}`;
    case 'signalled':
      return `it was ended by ${end.signal}`;
    case 'not-started':
      return end.message;
    case 'timed-out':
    case 'abandoned':
      return 'it did not answer in time';
    case 'aborted':
      return 'it was not waited for';
  }
}
