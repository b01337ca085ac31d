import { ApiError } from './api-error.ts';
import { readFilters } from './ec2-filters.ts';
import { knownInstances } from './ec2-ids.ts';
import { instanceXml, stateXml } from './ec2-instance-xml.ts';
import { seen, type SeenInstance } from './instance-facts.ts';
import type { Operation, OperationContext } from './operation.ts';
import { page } from './paging.ts';
import type { Parameters } from './query.ts';
import { element, list, optional } from './xml.ts';

export const describeInstances: Operation = (input, context) => {
  const { entries, next } = select(input, context, 'instancesSet', () => true);
  const reservations = Map.groupBy(entries, (one) => one.reservation);
  return [
    list(
      'reservationSet',
      'item',
      [...reservations].map(([id, instances]) => [
        element('reservationId', id),
        element('ownerId', instances[0]!.account),
        element('groupSet'),
        list(
          'instancesSet',
          'item',
          instances.map((one) => instanceXml(one, context.region.name)),
        ),
      ]),
    ),
    ...nextToken(next),
  ];
};

/** Without IncludeAllInstances only those that run. */
export const describeInstanceStatus: Operation = (input, context) => {
  const all = input.flag('IncludeAllInstances') ?? false;
  const { entries, next } = select(input, context, 'instancesSet', (one) => all || one.state === 'running');
  const { now } = context.region.clock;
  return [
    list(
      'instanceStatusSet',
      'item',
      entries.map((one) => {
        // Checks need some minutes after a start.
        const checked = now().getTime() / 1000 - one.launchedAt > 120;
        const status = one.state === 'running' ? (checked ? 'ok' : 'initializing') : 'not-applicable';
        const details =
          one.state === 'running'
            ? list('details', 'item', [
                [element('name', 'reachability'), element('status', checked ? 'passed' : 'initializing')],
              ])
            : undefined;
        return [
          element('instanceId', one.id),
          element('availabilityZone', one.zone),
          stateXml('instanceState', one.state),
          element('systemStatus', element('status', status), details),
          element('instanceStatus', element('status', status), details),
        ];
      }),
    ),
    ...nextToken(next),
  ];
};

const nextToken = (next: string | undefined) => (next === undefined ? [] : [element('nextToken', next)]);

/** Ids, filters and pages, which count instances. */
function select(
  input: Parameters,
  { region }: OperationContext,
  set: string,
  wanted: (one: SeenInstance) => boolean,
): { entries: SeenInstance[]; next: string | undefined } {
  const ids = input.texts('InstanceId');
  const matches = readFilters(input, region.name);
  const size = input.integer('MaxResults');
  const token = input.text('NextToken');
  const dryRun = input.flag('DryRun') ?? false;
  input.finish();
  if (ids.length > 0 && size !== undefined) {
    const text = `The parameter ${set} cannot be used with the parameter maxResults`;
    throw new ApiError('InvalidParameterCombination', text);
  }
  if (size !== undefined && (size < 5 || size > 1000)) {
    const rule = size < 5 ? 'greater than 5' : 'less than or equal to 1000';
    const text = `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value ${rule}.`;
    throw new ApiError('InvalidParameterValue', text);
  }
  const { clock, staleSeconds } = region;
  const asked = ids.length === 0 ? [...region.instances.values()] : knownInstances(ids, region, staleSeconds);
  if (dryRun) throw new ApiError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');
  const found = asked
    .map((instance) => seen(instance, clock, staleSeconds))
    .filter((one) => one !== undefined && wanted(one) && matches(one)) as SeenInstance[];
  return page(
    found,
    ({ serial }) => serial,
    size ?? 1_000_000,
    token,
    () => new ApiError('InvalidParameterValue', 'Unable to parse pagination token'),
  );
}

/** The region list of the account: those that are enabled, or all. */
export const describeRegions: Operation = (input, { regions }) => {
  const names = input.texts('RegionName');
  const all = input.flag('AllRegions') ?? false;
  const filters = input.structures('Filter').map((filter) => ({
    name: filter.required('Name'),
    values: filter.texts('Value'),
  }));
  input.finish();
  for (const { name } of filters) {
    if (!['opt-in-status', 'region-name', 'endpoint'].includes(name)) {
      throw new ApiError('InvalidParameterValue', `The filter '${name}' is invalid`);
    }
  }
  const facts = regions().map(({ name, enabled }) => ({
    'region-name': name,
    endpoint: `ec2.${name}.amazonaws.com`,
    'opt-in-status': enabled ? 'opt-in-not-required' : 'not-opted-in',
    enabled,
  }));
  const unknown = names.find((name) => !facts.some((fact) => fact['region-name'] === name));
  if (unknown !== undefined) throw new ApiError('InvalidParameterValue', `Invalid region names: [${unknown}]`);
  const shown = facts.filter(
    (fact) =>
      (all || fact.enabled) &&
      (names.length === 0 || names.includes(fact['region-name'])) &&
      filters.every(({ name, values }) => values.includes(fact[name as 'region-name'])),
  );
  return [
    list(
      'regionInfo',
      'item',
      shown.map((fact) => [
        element('regionName', fact['region-name']),
        element('regionEndpoint', fact.endpoint),
        optional('optInStatus', fact['opt-in-status']),
      ]),
    ),
  ];
};
