import { operations as autoScaling } from './asg-operations.ts';
import { ApiError } from './api-error.ts';
import { operations as ec2 } from './ec2-operations.ts';
import type { Operation } from './operation.ts';
import { operations as sts } from './sts.ts';
import { element, written, type Markup } from './xml.ts';

/** One service behind the twin's address: its operations, and how it wraps what they say. */
export interface Service {
  name: 'ec2' | 'autoscaling' | 'sts';
  version: string;
  dialect: 'ec2' | 'query';
  operations: Readonly<Record<string, Operation>>;
}

const services: Readonly<Record<string, Service>> = {
  ec2: { name: 'ec2', version: '2016-11-15', dialect: 'ec2', operations: ec2 },
  autoscaling: { name: 'autoscaling', version: '2011-01-01', dialect: 'query', operations: autoScaling },
  sts: { name: 'sts', version: '2011-06-15', dialect: 'query', operations: sts },
};

const namespaces = {
  ec2: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  autoscaling: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
};

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** The service that a request is signed for. */
export function serviceNamed(name: string): Service {
  const service = Object.hasOwn(services, name) ? services[name] : undefined;
  if (service !== undefined) return service;
  throw new ApiError('SignatureDoesNotMatch', `Credential should be scoped to correct service: 'ec2'.`);
}

/** The service whose version a request names, when no signature says more; EC2 without one. */
export function serviceOfVersion(version: string | undefined): Service {
  return Object.values(services).find((service) => service.version === version) ?? serviceNamed('ec2');
}

/** The operation of that name and version. */
export function operationNamed(service: Service, name: string, version: string | undefined): Operation {
  if (version === undefined) {
    throw service.dialect === 'ec2'
      ? new ApiError('MissingParameter', 'The request must contain the parameter Version')
      : new ApiError('MissingAction', 'The request must contain the parameter Version');
  }
  if (version !== service.version) {
    throw service.dialect === 'ec2'
      ? new ApiError('NoSuchVersion', `The requested version (${version}) of service AmazonEC2 does not exist`)
      : new ApiError('InvalidAction', `Could not find operation ${name} for version ${version}`);
  }
  const operation = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
  if (operation !== undefined) return operation;
  throw service.dialect === 'ec2'
    ? new ApiError('InvalidAction', `The action ${name} is not valid for this web service.`)
    : new ApiError('InvalidAction', `Could not find operation ${name} for version ${version}`);
}

export function answerXml(service: Service, operation: string, content: readonly Markup[], requestId: string): string {
  const inner =
    service.dialect === 'ec2'
      ? [element('requestId', requestId), ...content]
      : [
          ...(content.length === 0 ? [] : [element(`${operation}Result`, content)]),
          element('ResponseMetadata', element('RequestId', requestId)),
        ];
  const name = `${operation}Response`;
  return `${declaration}<${name} xmlns="${namespaces[service.name]}">${written(inner)}</${name}>\n`;
}

export function errorXml(service: Service, error: ApiError, requestId: string): string {
  const words = [element('Code', error.code), element('Message', error.message)];
  if (service.dialect === 'ec2') {
    const inner = element('Errors', element('Error', words));
    return `${declaration}${written(element('Response', inner, element('RequestID', requestId)))}`;
  }
  const type = element('Type', error.status >= 500 ? 'Receiver' : 'Sender');
  const inner = written([element('Error', type, words), element('RequestId', requestId)]);
  return `<ErrorResponse xmlns="${namespaces[service.name]}">${inner}</ErrorResponse>\n`;
}
