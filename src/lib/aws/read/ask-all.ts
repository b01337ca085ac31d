import { UserError } from '../../errors/user-error.ts';
import { inParallel } from '../../concurrency/in-parallel.ts';
import { callFailure } from '../failure/call-failure.ts';
import type { AwsTarget } from '../target.ts';
import { answerFailure } from './answer-failure.ts';
import { everyPage, firstTimeOnly } from './every-page.ts';
import type { Page } from './page.ts';
import { questionsAtOnce } from './pieces.ts';

/** What is asked of one service in one region. */
export interface Inquiry<Question, Row> {
  target: AwsTarget;
  /** `DescribeInstances`. */
  operation: string;
  /** The answer is that of all together. */
  questions: readonly Question[];
  /** What a row is known by. */
  key: (row: Row) => string;
  ask: (question: Question, token: string | undefined, signal: AbortSignal) => Promise<Page<Row>>;
  signal: AbortSignal;
}

/**
 * The pages of all questions, at most four at once, each row once. A single question is passed on page by page; of
 * several, each is short and is passed on when it is whole. Whoever stops reading ends what is still asked. Throws
 * callFailure's UserError, or the signal's reason.
 */
export async function* askAll<Question, Row>(inquiry: Inquiry<Question, Row>): AsyncGenerator<readonly Row[]> {
  const { target, operation, questions, ask, signal } = inquiry;
  const asked = `${operation} in ${target.label}`;
  const left = new AbortController();
  const either = AbortSignal.any([signal, left.signal]);
  const pagesOf = (question: Question): AsyncGenerator<readonly Row[]> =>
    everyPage((token) => ask(question, token, either), asked);
  const wholeAnswer = async (question: Question): Promise<readonly Row[]> => {
    const rows: Row[] = [];
    for await (const page of pagesOf(question)) for (const row of page) rows.push(row);
    return rows;
  };
  const [only] = questions;
  const once = firstTimeOnly(inquiry.key);
  try {
    const pages =
      only !== undefined && questions.length === 1
        ? pagesOf(only)
        : inParallel(questions, questionsAtOnce, wholeAnswer);
    for await (const page of pages) yield once(page);
  } catch (error) {
    signal.throwIfAborted();
    throw answerFailure(error, asked) ?? (error instanceof UserError ? error : callFailure(error, target, operation));
  } finally {
    left.abort();
  }
}
