import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Resolver } from '../net/resolver.ts';
import { DeliveryFailure } from './notifier.ts';
import { httpFailure } from './http-failure.ts';
import { retryAfterSeconds } from './retry-after.ts';

/** What somebody answered to a POST. */
export interface HttpAnswer {
  status: number;
  /** Its beginning as text, at most 64 KiB; what did not come in time is missing. */
  body: string;
  /** False when the body was cut, by us or on the way. */
  isWhole: boolean;
  retryAfterSeconds?: number;
  /** Host that a redirect leads to. */
  redirectHost?: string;
}

export interface HttpPost {
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string | Buffer;
  /** For the proxy (HTTPS_PROXY, NO_PROXY) and the trusted authorities (SSL_CERT_FILE). */
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  /** For all of it: the name, the connection, the answer. */
  deadlineSeconds: number;
}

const mostAnswerBytes = 64 * 1024;
/** The status is what counts: a body that does not end keeps nobody waiting for longer. */
const bodyMilliseconds = 2000;

/**
 * One POST over a connection of its own; no redirect is followed. Rejects with a DeliveryFailure, which is temporary,
 * when no answer came, or with the signal's reason. No message says more of the URL than its host.
 */
export async function httpPost(post: HttpPost): Promise<HttpAnswer> {
  const { url, signal, deadlineSeconds } = post;
  signal.throwIfAborted();
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(() => {
    const message = `${url.host} gave no answer within ${Number(deadlineSeconds.toFixed(1))}s`;
    controller.abort(new DeliveryFailure(message, { permanent: false }));
  }, deadlineSeconds * 1000);
  let remark: string | undefined;
  try {
    const opened = await openRequest(post, controller.signal);
    remark = opened.remark;
    return await answerOf(opened.request, post, controller.signal);
  } catch (error) {
    signal.throwIfAborted();
    const cause: unknown = controller.signal.aborted ? controller.signal.reason : error;
    const failure = cause instanceof DeliveryFailure ? cause : httpFailure(cause, url.host);
    if (remark === undefined) throw failure;
    throw new DeliveryFailure(`${failure.message} (${remark})`, { permanent: failure.permanent, cause });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    // For the name servers that may still be asked.
    controller.abort(new Error('done'));
  }
}

interface OpenedRequest {
  request: ClientRequest;
  /** Why it may not come through. */
  remark: string | undefined;
}

async function openRequest({ url, headers, body, env }: HttpPost, signal: AbortSignal): Promise<OpenedRequest> {
  const isTls = url.protocol === 'https:';
  const [{ request, Agent }, { createResolver }, { proxiesOf, unusedProxy }, roots] = await Promise.all([
    isTls ? import('node:https') : import('node:http'),
    import('../net/resolver.ts'),
    import('../net/proxy.ts'),
    isTls ? trustedRoots(env) : undefined,
  ]);
  signal.throwIfAborted();
  const proxies = proxiesOf(env);
  const resolve = createResolver({ family: 0, timeoutSeconds: 10, env, signal });
  const options: RequestOptions & { autoSelectFamilyAttemptTimeout: number; ca?: string } = {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    agent: new Agent({ keepAlive: false, ...(proxies === undefined ? {} : { proxyEnv: proxies }) }),
    // Node's own lookup would keep the process from ending for as long as the name servers are silent.
    lookup: (host, { all }, callback) => void lookUp(resolve(host), all === true, callback),
    // Node gives up an address for good after this, by default as soon as a quarter of a second.
    autoSelectFamilyAttemptTimeout: 3000,
    ...(roots === undefined ? {} : { ca: roots }),
  };
  return { request: request(url, options), remark: unusedProxy(proxies, isTls ? 'https:' : 'http:', Agent) };
}

type LookupCallback = Parameters<NonNullable<RequestOptions['lookup']>>[2];

async function lookUp(found: ReturnType<Resolver>, all: boolean, callback: LookupCallback): Promise<void> {
  let addresses: Awaited<typeof found>;
  try {
    addresses = await found;
  } catch (error) {
    callback(error as Error, '');
    return;
  }
  if (all) callback(null, [...addresses]);
  else callback(null, addresses[0]!.address, addresses[0]!.family);
}

/** What curl trusts on this machine, which is what ssl-expiry trusts. */
async function trustedRoots(env: HttpPost['env']): Promise<string> {
  const { loadTrustStore } = await import('../tls/trust/load-trust-store.ts');
  return (await loadTrustStore({ env })).pem;
}

function answerOf(request: ClientRequest, { url, body }: HttpPost, signal: AbortSignal): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
      request.destroy();
    };
    signal.addEventListener('abort', abort, { once: true });
    let isAnswered = false;
    const fail = (error: Error): void => {
      if (!isAnswered) reject(error);
    };
    // It stays: a second error comes after the first one, or after the answer.
    request.on('error', fail);
    request.once('close', () => fail(new DeliveryFailure(`${url.host} closed the connection`, { permanent: false })));
    request.once('response', (response) => {
      isAnswered = true;
      readBody(response)
        .then(({ text, isWhole }) => resolve({ ...headOf(response, url), body: text, isWhole }))
        .finally(() => request.destroy())
        .catch(reject);
    });
    if (signal.aborted) abort();
    else request.end(body);
  });
}

function headOf({ statusCode = 0, headers }: IncomingMessage, url: URL): Pick<HttpAnswer, 'status'> {
  const retryAfter = retryAfterSeconds(headers['retry-after'], headers.date);
  const target = headers.location === undefined ? null : URL.parse(headers.location, url);
  return {
    status: statusCode,
    ...(retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter }),
    ...(target === null ? {} : { redirectHost: target.host }),
  };
}

/** Never rejects: what could be read until the end, the limit or the time. */
function readBody(response: IncomingMessage): Promise<{ text: string; isWhole: boolean }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const end = (isWhole: boolean): void => {
      clearTimeout(timer);
      const bytes = Buffer.concat(chunks).subarray(0, mostAnswerBytes);
      resolve({ text: bytes.toString('utf8'), isWhole });
    };
    const timer = setTimeout(() => end(false), bodyMilliseconds);
    response.on('data', (chunk: Buffer) => {
      if (length < mostAnswerBytes) chunks.push(chunk);
      length += chunk.length;
      if (length > mostAnswerBytes) end(false);
    });
    response.on('error', () => end(false));
    response.on('end', () => end(true));
    response.on('close', () => end(false));
  });
}
