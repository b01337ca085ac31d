import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, usualStatus, usualText } from './api-error.ts';
import type { TwinCall } from './call.ts';
import type { FaultEffect } from './faults.ts';
import type { OperationContext } from './operation.ts';
import { parameters, readForm } from './query.ts';
import type { Answer, Request } from './server.ts';
import { answerXml, errorXml, operationNamed, serviceNamed, serviceOfVersion, type Service } from './services.ts';
import { scope, verify, type Keys, type Signer } from './signature.ts';

/** What answering a request needs of the twin. */
export interface Responder {
  keys: ReadonlyMap<string, Keys>;
  /** The clock by which signatures are judged. */
  serviceTime(): Date;
  settle(): void;
  context(signer: Signer): OperationContext;
  record(call: Omit<TwinCall, 'number' | 'at' | 'outcome' | 'carriedOut'>): TwinCall;
  hooks(call: TwinCall, moment: 'before' | 'after'): Promise<void>;
  drawFault(call: TwinCall): FaultEffect | undefined;
  takeToken(owner: string, operation: string): boolean;
  requestId(): string;
  /** The last answer of each question, for a page that comes twice. */
  lastAnswers: Map<string, string>;
  /** Anything that is no refusal of the API: a mistake of the twin itself. */
  failed(error: unknown): void;
}

/** Answers one request as AWS does, or worse when a fault is scripted. */
export async function respond({ message, body }: Request, twin: Responder): Promise<Answer> {
  const requestId = twin.requestId();
  const answer = (status: number, text: string, spoilt?: Answer['spoilt']): Answer => ({
    status,
    type: 'text/xml;charset=UTF-8',
    text,
    requestId,
    spoilt,
  });
  twin.settle();
  const signedFor = scope(message.headers);
  let service = serviceNamed('ec2');
  let call: TwinCall | undefined;
  try {
    if (message.method !== 'POST' || message.url !== '/') {
      throw new ApiError('InvalidAction', `The twin takes POST /, not ${message.method} ${message.url}`);
    }
    const form = readForm(body.toString());
    service = signedFor === undefined ? serviceOfVersion(form.get('Version')) : serviceNamed(signedFor.service);
    const { method, url: path, headers } = message;
    const signer = verify({ method, path, headers, body }, twin.keys, twin.serviceTime());
    const name = form.get('Action') ?? '';
    const version = form.get('Version');
    form.delete('Action');
    form.delete('Version');
    const details = { service: service.name, operation: name, region: signer.region, account: signer.keys.account };
    const userAgent = headers['user-agent'] ?? '';
    const made = twin.record({ ...details, parameters: Object.fromEntries(form), userAgent });
    call = made;
    await twin.hooks(made, 'before');
    const effect = twin.drawFault(made);
    if (effect !== undefined) {
      const early = await beforeOperation(effect, made, answer);
      if (early !== undefined) return early;
    }
    twin.settle();
    const operation = operationNamed(service, name, version);
    const context = twin.context(signer);
    if (!twin.takeToken(`${made.account} ${made.region}`, name)) throw throttled(service);
    refuseDenied(service, made, context);
    const content = operation(parameters(form, service.dialect), context);
    made.carriedOut = true;
    const text = answerXml(service, name, content, requestId);
    return await afterOperation(text, effect, made, twin, answer);
  } catch (error) {
    if (!(error instanceof ApiError)) twin.failed(error);
    const refusal = error instanceof ApiError ? error : new ApiError('InternalFailure', String(error), 500);
    if (call !== undefined) {
      call.outcome = refusal.code;
      await twin.hooks(call, 'after');
    }
    return answer(refusal.status, errorXml(service, refusal, requestId));
  }
}

type Answering = (status: number, text: string, spoilt?: Answer['spoilt']) => Answer;

async function beforeOperation(effect: FaultEffect, call: TwinCall, answer: Answering): Promise<Answer | undefined> {
  if (effect === 'reset' || effect === 'hang') {
    call.outcome = effect;
    return answer(200, '', effect);
  }
  if (effect === 'html') {
    call.outcome = effect;
    const page = '<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body>proxy</body></html>\n';
    return { ...answer(502, page), type: 'text/html' };
  }
  if (typeof effect === 'string') return undefined;
  if ('code' in effect) {
    const { code, message = usualText(code), status = usualStatus(code) } = effect;
    throw new ApiError(code, message, status);
  }
  if ('delay' in effect) await delay(effect.delay * 1000);
  if ('before' in effect) await effect.before(call);
  return undefined;
}

async function afterOperation(
  text: string,
  effect: FaultEffect | undefined,
  call: TwinCall,
  twin: Responder,
  answer: Answering,
): Promise<Answer> {
  const { NextToken: _, ...question } = call.parameters;
  const asked = JSON.stringify([call.account, call.region, call.operation, question]);
  const before = twin.lastAnswers.get(asked);
  twin.lastAnswers.set(asked, text);
  if (typeof effect === 'object' && 'after' in effect) await effect.after(call);
  if (effect === 'lost' || effect === 'truncate' || effect === 'cut' || effect === 'duplicate-page') {
    call.outcome = effect;
  }
  await twin.hooks(call, 'after');
  if (effect === 'lost') return answer(200, text, 'reset');
  if (effect === 'truncate' || effect === 'cut') return answer(200, text, effect);
  if (effect === 'duplicate-page' && before !== undefined) {
    twin.lastAnswers.set(asked, before);
    return answer(200, before);
  }
  return answer(200, text);
}

function throttled({ dialect }: Service): ApiError {
  const code = dialect === 'ec2' ? 'RequestLimitExceeded' : 'Throttling';
  return new ApiError(code, usualText(code));
}

/** What no policy allows is refused before anything is looked at, for the whole batch. */
function refuseDenied({ name, dialect }: Service, call: TwinCall, { caller, region }: OperationContext): void {
  const { operation, parameters: sent } = call;
  const resource = Object.values(sent).find((value) => region.denied.has(`${operation} ${value}`));
  if (resource === undefined && !region.denied.has(operation)) return;
  const kind = dialect === 'ec2' ? 'instance/' : 'autoScalingGroup:*:autoScalingGroupName/';
  const arn = `arn:aws:${name}:${region.name}:${region.account}:${kind}${resource ?? '*'}`;
  const action = `${name}:${operation}`;
  const reason =
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${arn} ` +
    `because no identity-based policy allows the ${action} action`;
  throw dialect === 'ec2'
    ? new ApiError(
        'UnauthorizedOperation',
        `You are not authorized to perform this operation. ${reason}. Encoded authorization failure message: dHdpbg`,
      )
    : new ApiError('AccessDenied', reason);
}
