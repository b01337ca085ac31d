import { ApiError } from './api-error.ts';
import { iso } from './instance-facts.ts';
import type { TwinInstance } from './instance.ts';
import type { Operation } from './operation.ts';
import { page } from './paging.ts';
import { element, list, optional } from './xml.ts';

type Spot = TwinInstance & { spotRequest: NonNullable<TwinInstance['spotRequest']> };

const filters: Record<string, (one: Spot) => string> = {
  'spot-instance-request-id': ({ spotRequest }) => spotRequest.id,
  'instance-id': ({ id }) => id,
  type: ({ spotRequest }) => spotRequest.type,
  state: ({ spotRequest }) => spotRequest.state,
};

/** Whether a spot instance can be stopped is told here alone: its request is one-time or persistent. */
export const describeSpotInstanceRequests: Operation = (input, { region }) => {
  const ids = input.texts('SpotInstanceRequestId');
  const conditions = input.structures('Filter').map((filter) => {
    const name = filter.required('Name');
    const value = Object.hasOwn(filters, name) ? filters[name] : undefined;
    if (value === undefined) throw new ApiError('InvalidParameterValue', `The filter '${name}' is invalid`);
    return { value, values: filter.texts('Value') };
  });
  const size = input.integer('MaxResults');
  const token = input.text('NextToken');
  input.flag('DryRun');
  input.finish();
  if (size !== undefined && (size < 5 || size > 1000)) {
    throw new ApiError('InvalidParameterValue', `Value ( ${size} ) for parameter maxResults is invalid.`);
  }
  const all = [...region.instances.values()].filter((one): one is Spot => one.spotRequest !== undefined);
  const unknown = ids.find((id) => !all.some(({ spotRequest }) => spotRequest.id === id));
  if (unknown !== undefined) {
    const text = `The spot instance request ID '${unknown}' does not exist`;
    throw new ApiError('InvalidSpotInstanceRequestID.NotFound', text);
  }
  const found = all.filter(
    (one) =>
      (ids.length === 0 || ids.includes(one.spotRequest.id)) &&
      conditions.every(({ value, values }) => values.includes(value(one))),
  );
  const { entries, next } = page(
    found,
    ({ serial }) => serial,
    size ?? 1000,
    token,
    () => new ApiError('InvalidParameterValue', 'Unable to parse pagination token'),
  );
  return [
    list(
      'spotInstanceRequestSet',
      'item',
      entries.map((one) => [
        element('spotInstanceRequestId', one.spotRequest.id),
        element('type', one.spotRequest.type),
        element('state', one.spotRequest.state),
        element('status', element('code', 'fulfilled'), element('message', 'Your Spot request is fulfilled.')),
        element('instanceId', one.id),
        element('createTime', iso(one.launchedAt)),
        element('productDescription', 'Linux/UNIX'),
        element('launchedAvailabilityZone', one.zone),
        optional('instanceInterruptionBehavior', one.spotRequest.type === 'persistent' ? 'stop' : 'terminate'),
      ]),
    ),
    ...(next === undefined ? [] : [element('nextToken', next)]),
  ];
};
