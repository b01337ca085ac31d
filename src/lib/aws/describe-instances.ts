import type { AddressRow, InstanceRow } from './instance-row.ts';
import type { Filter, InstanceQuestion } from './question.ts';
import { askAll } from './read/ask-all.ts';
import { addressPageReader } from './read/address-page.ts';
import { instancePageReader } from './read/instance-page.ts';
import { createIntern } from './read/intern.ts';
import { lendAgain } from './read/lend-again.ts';
import type { Page, PageReader } from './read/page.ts';
import { splitFilters } from './read/pieces.ts';
import { answerReader } from './read/read-answer.ts';
import { sendScanned } from './read/scan-instead.ts';
import type { WantedTags } from './read/tag-elements.ts';
import type { AwsTarget } from './target.ts';

const operation = 'DescribeInstances';

/** The most that one page may have; fewer make more questions. */
const pageSize = 1000;

/**
 * The instances of one region for which all conditions hold, page by page as they come, each once, in no promised order.
 * Those that were terminated within the last hour are among them. Throws callFailure's UserError, also for an answer that
 * is cut off, loops or is none, and the signal's reason.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
 * @param options.tags Which tags are kept: without them ten thousand rows take half the memory. Default: all.
 */
export function describeInstances(
  target: AwsTarget,
  question: InstanceQuestion,
  options: { signal: AbortSignal; tags?: WantedTags },
): AsyncGenerator<readonly InstanceRow[]> {
  const intern = createIntern();
  return askInstances(target, question, options.signal, () => instancePageReader(options.tags, intern));
}

/** The same, with nothing but the address of each, which takes half the CPU. */
export function describeAddresses(
  target: AwsTarget,
  question: InstanceQuestion,
  options: { signal: AbortSignal },
): AsyncGenerator<readonly AddressRow[]> {
  return askInstances(target, question, options.signal, () => addressPageReader());
}

async function* askInstances<Row extends { id: string }>(
  target: AwsTarget,
  question: InstanceQuestion,
  signal: AbortSignal,
  makeReader: () => PageReader<Row>,
): AsyncGenerator<readonly Row[]> {
  const named = question.ids === undefined ? [] : [{ name: 'instance-id', values: question.ids }];
  const withReader = lendAgain(() => answerReader(makeReader()));
  const ask = async (
    filters: readonly Filter[],
    token: string | undefined,
    either: AbortSignal,
  ): Promise<Page<Row>> => {
    const { DescribeInstancesCommand } = await import('@aws-sdk/client-ec2');
    const command = new DescribeInstancesCommand({
      MaxResults: pageSize,
      Filters: filters.map(({ name, values }) => ({ Name: name, Values: [...values] })),
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const client = await target.ec2();
    return withReader((read) =>
      sendScanned(read, command.middlewareStack, () => client.send(command, { abortSignal: either })),
    );
  };
  yield* askAll({
    target,
    operation,
    questions: splitFilters([...named, ...(question.filters ?? [])]),
    key: ({ id }) => id,
    ask,
    signal,
  });
}
