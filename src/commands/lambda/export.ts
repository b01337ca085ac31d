import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { defineCommand, type Screen, type Spec } from '../../command.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import type { ExportedFile } from '../../lib/aws/lambda/write-export.ts';
import { wholeNumber } from '../../lib/quantity/whole-number.ts';
import { printable } from '../../lib/text/printable.ts';
import {
  addGuardOptions,
  addScheduleOptions,
  addSelectorOptions,
  guardWords,
  powerWords,
  scheduleWords,
  selectorWords,
} from '../../power-options.ts';

const templates = ['cloudformation', 'terraform'] as const;
const architectures = ['arm64', 'x86_64'] as const;

const listed = (text: string, before: readonly string[]): readonly string[] => [
  ...before,
  ...text.split(',').filter((word) => word !== ''),
];

export default defineCommand({
  description: [
    'Write stop-instances and start-instances as an AWS Lambda function with its schedules: the code as a zip, a template of CloudFormation or Terraform, and the policy with only what these selectors need.',
    'EventBridge Scheduler calls the function when the schedule switches, in its own time zone, and once an hour for what is left to do. Selectors, schedule and guards are those of stop-instances.',
    'Nothing is sent to AWS. New files are written at once; a file with another content is replaced only when that is confirmed, or with --yes.',
  ].join('\n\n'),
  examples: [
    {
      command: 'devops lambda export nightly --tag env=dev --off nights --tz UTC',
      what: 'a template of CloudFormation',
    },
    {
      command: 'devops lambda export . --template terraform --schedule-tag maid_offhours --tz UTC',
      what: "a module of Terraform; each instance's tag has its schedule",
    },
  ],
  define: (spec: Spec) =>
    addGuardOptions(
      addScheduleOptions(
        addSelectorOptions(
          spec
            .argument('<folder>', 'where to write; it is made when it is not there')
            .argument('[ids...]', 'ids of instances'),
        ),
      ),
    )
      .option('--hibernate', 'hibernate the instances instead of stopping them')
      .option('--template <kind>', `${templates.join(' or ')} (default: cloudformation)`, oneOf(templates))
      .option('--name <name>', 'name of the function', 'devops-stop-start')
      .option('--memory <megabytes>', 'memory of the function', wholeNumber(128, 10_240), 256)
      .option('--arch <architecture>', `${architectures.join(' or ')} (default: arm64)`, oneOf(architectures))
      .option('--region <regions>', "regions of the instances, or all (default: the function's)", listed, [])
      .option('--role-arn <arn>', 'role of another account that the function takes on')
      .option('--kms-key <arns>', 'keys of yours that encrypt volumes: needed to start their instances', listed, []),
  complete: { ...powerWords, '--template': () => templates, '--arch': () => architectures },
  shape: 'many',
  changes: true,

  async *run(ctx, options, folderWord: string, ids: string[]): AsyncGenerator<ExportedFile> {
    const { exportFiles } = await import('../../lib/aws/lambda/export-files.ts');
    const { readBundle } = await import('../../lib/aws/lambda/read-bundle.ts');
    const { makeFolder, planExport, writeExported } = await import('../../lib/aws/lambda/write-export.ts');
    const { localZoneName } = await import('../../lib/time/local-zone-name.ts');
    const { tz: _zone, holidays, ...schedule } = options;
    const places = options.region.length === 0 ? [] : ['--region', options.region.join(',')];
    const role = options.roleArn === undefined ? [] : ['--role-arn', options.roleArn];
    const words = [
      ...selectorWords(options),
      ...scheduleWords({ ...schedule }),
      // Without the word start-instances would look for groups, too, which the policy does not allow then.
      ...guardWords({ ...options, groupMembers: options.groupMembers ?? 'skip' }),
      ...places,
      ...role,
    ];
    const files = await exportFiles({
      ...options,
      template: options.template ?? 'cloudformation',
      architecture: options.arch ?? 'arm64',
      memoryMegabytes: options.memory,
      ids,
      all: options.all === true,
      zone: options.tz ?? localZoneName(ctx.env),
      holidays: holidays === undefined ? undefined : await checkedHolidays(resolve(ctx.cwd(), holidays), ctx.signal),
      groupMembers: options.groupMembers ?? 'skip',
      regions: options.region,
      kmsKeys: options.kmsKey,
      stopWords: [...ids, ...words, ...(options.hibernate === true ? ['--hibernate'] : [])],
      startWords: [...ids, ...words],
      code: readBundle(resolve(ctx.cwd(), ctx.self[1] ?? ctx.self[0])),
      version: ctx.version,
    });
    const folder = resolve(ctx.cwd(), folderWord);
    const plan = planExport(folder, files);
    if (ctx.dryRun) return yield* plan;
    const replaced = plan.filter(({ state }) => state === 'would replace');
    if (replaced.length > 0 && !(await ctx.confirm(replaced, `Replace ${replaced.length} files in ${folderWord}?`))) {
      throw new UserError('nothing was written: it was not confirmed', {
        hints: ['--yes replaces what is there, or name another folder'],
      });
    }
    makeFolder(folder);
    const contents = [...files.values()];
    for (const [at, planned] of plan.entries()) yield writeExported(planned, contents[at]!);
  },

  columns: [
    { name: 'file', value: ({ file }) => file, cell: ({ file }) => printable(file) },
    { name: 'state', value: ({ state }) => state },
    { name: 'size', value: ({ size_bytes }) => size_bytes, align: 'right' },
  ],
  below(results: readonly ExportedFile[], _screen: Screen): string {
    if (results.some(({ state }) => state.startsWith('would'))) return '';
    const isTerraform = results.some(({ file }) => file.endsWith('main.tf'));
    const next = isTerraform
      ? ['terraform init && terraform apply']
      : [
          'aws cloudformation package --template-file template.yaml --s3-bucket BUCKET --output-template-file packaged.yaml',
          'aws cloudformation deploy --template-file packaged.yaml --s3-bucket BUCKET --stack-name STACK --capabilities CAPABILITY_IAM',
        ];
    return ['Next, in that folder:', ...next.map((line) => `  ${line}`), ''].join('\n');
  },
});

function oneOf<Value extends string>(values: readonly Value[]): (text: string) => Value {
  return (text) => {
    const found = values.find((value) => value === text);
    if (found !== undefined) return found;
    throw new UserError(`'${printable(text)}' is not one of ${values.join(', ')}`, { code: 'usage' });
  };
}

/** The file goes along as it is; a mistake in it is told here, not at night in a log. */
async function checkedHolidays(path: string, signal: AbortSignal): Promise<string> {
  const { readHolidays } = await import('../../lib/schedule/read-holidays.ts');
  await readHolidays(path, signal);
  return readFile(path, 'utf8');
}
