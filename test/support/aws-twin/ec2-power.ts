import { ApiError } from './api-error.ts';
import { takeCapacity } from './capacity.ts';
import { knownInstances } from './ec2-ids.ts';
import { stateXml } from './ec2-instance-xml.ts';
import type { TwinInstance } from './instance.ts';
import { start, stop } from './instance-life.ts';
import type { Operation } from './operation.ts';
import { list, element, type Markup } from './xml.ts';

type State = TwinInstance['state'];

const dryRunAnswer = () => new ApiError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');

export const stopInstances: Operation = (input, { region, caller }) => {
  const ids = input.texts('InstanceId');
  const hibernate = input.flag('Hibernate') ?? false;
  input.flag('Force');
  input.flag('SkipOsShutdown');
  const dryRun = input.flag('DryRun') ?? false;
  input.finish();
  if (ids.length === 0) throw new ApiError('MissingParameter', 'The request must contain the parameter InstanceId');
  const instances = knownInstances(ids, region);
  for (const instance of instances) refuseStop(instance, hibernate);
  if (dryRun) throw dryRunAnswer();
  const before = instances.map(({ state }) => state);
  for (const instance of instances) {
    // A stop of what is stopped, or about to be, is a success that does nothing.
    if (instance.state === 'running' || instance.state === 'pending')
      stop(instance, region.world, caller.arn, hibernate);
  }
  return [changes(instances, before)];
};

function refuseStop(instance: TwinInstance, hibernate: boolean): void {
  const { id, state } = instance;
  if (state === 'terminated' || state === 'shutting-down') {
    const text = `This instance '${id}' is not in a state from which it can be stopped.`;
    throw new ApiError('IncorrectInstanceState', text);
  }
  if (instance.rootDeviceType === 'instance-store') {
    const text = `The instance '${id}' does not have an 'ebs' root device type and cannot be stopped.`;
    throw new ApiError('UnsupportedOperation', text);
  }
  if (instance.spotRequest?.type === 'one-time') {
    throw new ApiError(
      'UnsupportedOperation',
      `You can't stop the Spot Instance '${id}' because it is associated with a one-time Spot Instance request. ` +
        'You can only stop Spot Instances associated with persistent Spot Instance requests.',
    );
  }
  if (instance.disableApiStop) {
    const text = `The instance '${id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`;
    throw new ApiError('OperationNotPermitted', text);
  }
  if (state === 'pending' && !instance.hasEverRun) {
    const text = `Instance '${id}' cannot be stopped as it has never reached the 'running' state.`;
    throw new ApiError('IncorrectInstanceState', text);
  }
  if (hibernate && !instance.hibernationConfigured) {
    const text = `The instance can't be hibernated because it was not configured at launch for hibernation: ${id}`;
    throw new ApiError('UnsupportedHibernationConfiguration', text);
  }
}

export const startInstances: Operation = (input, { region, caller }) => {
  const ids = input.texts('InstanceId');
  input.text('AdditionalInfo');
  const dryRun = input.flag('DryRun') ?? false;
  input.finish();
  if (ids.length === 0) throw new ApiError('MissingParameter', 'The request must contain the parameter InstanceId');
  const instances = knownInstances(ids, region);
  for (const instance of instances) refuseStart(instance);
  if (dryRun) throw dryRunAnswer();
  const stopped = instances.filter(({ state }) => state === 'stopped');
  takeCapacity(stopped, region.capacity);
  const before = instances.map(({ state }) => state);
  for (const instance of stopped) start(instance, region.world, caller.arn);
  return [changes(instances, before)];
};

function refuseStart({ id, state, spotRequest }: TwinInstance): void {
  if (state === 'stopping' || state === 'terminated' || state === 'shutting-down') {
    const text = `The instance '${id}' is not in a state from which it can be started.`;
    throw new ApiError('IncorrectInstanceState', text);
  }
  if (spotRequest !== undefined && spotRequest.state !== 'active' && state === 'stopped') {
    throw new ApiError(
      'IncorrectSpotRequestState',
      `You can't start the Spot Instance '${id}' because the associated Spot Instance request is not in an appropriate state to support start.`,
    );
  }
}

function changes(instances: readonly TwinInstance[], before: readonly State[]): Markup {
  return list(
    'instancesSet',
    'item',
    instances.map((instance, index) => [
      element('instanceId', instance.id),
      stateXml('currentState', instance.state),
      stateXml('previousState', before[index]!),
    ]),
  );
}
