import type { GroupRow } from './group-row.ts';
import type { GroupQuestion } from './question.ts';
import { askAll } from './read/ask-all.ts';
import { groupPageReader } from './read/group-page.ts';
import { createIntern } from './read/intern.ts';
import { lendAgain } from './read/lend-again.ts';
import type { Page } from './read/page.ts';
import { inPieces } from './read/pieces.ts';
import { answerReader } from './read/read-answer.ts';
import { sendScanned } from './read/scan-instead.ts';
import type { AwsTarget } from './target.ts';

const operation = 'DescribeAutoScalingGroups';

/** The most that one page may have; the default is 50. More names than that are asked in pieces. */
const pageSize = 100;

/**
 * The autoscaling groups of one region, page by page as they come, each once. Names that there are not are not told of:
 * whoever asked by name must compare. Throws as describeInstances does.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html
 */
export async function* describeGroups(
  target: AwsTarget,
  question: GroupQuestion,
  options: { signal: AbortSignal },
): AsyncGenerator<readonly GroupRow[]> {
  const filters = question.filters ?? [];
  // As for instances: what may have no value at all is nothing.
  if (filters.some(({ values }) => values.length === 0)) return;
  const intern = createIntern();
  const withReader = lendAgain(() => answerReader(groupPageReader(intern)));
  const ask = async (
    names: readonly string[],
    token: string | undefined,
    either: AbortSignal,
  ): Promise<Page<GroupRow>> => {
    const { DescribeAutoScalingGroupsCommand } = await import('@aws-sdk/client-auto-scaling');
    const command = new DescribeAutoScalingGroupsCommand({
      MaxRecords: pageSize,
      ...(names.length === 0 ? {} : { AutoScalingGroupNames: [...names] }),
      ...(filters.length === 0
        ? {}
        : { Filters: filters.map(({ name, values }) => ({ Name: name, Values: [...values] })) }),
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const client = await target.autoScaling();
    return withReader((read) =>
      sendScanned(read, command.middlewareStack, () => client.send(command, { abortSignal: either })),
    );
  };
  yield* askAll({
    target,
    operation,
    questions: question.names === undefined ? [[]] : inPieces([...new Set(question.names)], pageSize),
    key: ({ arn, name }) => `${arn} ${name}`,
    ask,
    signal: options.signal,
  });
}
