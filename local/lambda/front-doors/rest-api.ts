/** A REST API of API Gateway whose every path and method is one function's, by proxy integration. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { WireError } from '../../wire/wire-error.ts';
import type { FunctionAnswer } from '../invocation.ts';
import { LambdaError } from '../lambda-error.ts';
import type { LambdaHost } from '../lambda-host.ts';
import { wholeAnswer } from '../whole-answer.ts';
import { listenAtDoor, type OpenDoor } from './listen-at-door.ts';
import { type ReceivedRequest, receiveRequest } from './received-request.ts';
import { type RestApiPlace, restApiEvent } from './rest-api-event.ts';
import { type Permits, type SignedCaller, signedCaller } from './signed-caller.ts';
import { hasHead, writeAnswer } from './write-answer.ts';

export interface RestApiOptions extends RestApiPlace {
  readonly host: LambdaHost;
  /** ARN of the function. */
  readonly functionArn: string;
  readonly responseTransferMode: 'BUFFERED' | 'STREAM';
  /**
   * Who may call, asked with every signed request. Nobody needs to sign where it is left out (`NONE`).
   * @default - everybody, unsigned
   */
  readonly permits?: Permits;
  /**
   * What it answers by itself, by the type of what happened, `DEFAULT_4XX` and `DEFAULT_5XX` among them.
   * @default - a message alone
   */
  readonly responses?: ReadonlyMap<string, OwnResponse>;
  /** @default 0 a free port */
  readonly port?: number;
}

/** A gateway response, as it was set. */
export interface OwnResponse {
  /** @default - the type's own */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, in which `$context.…` is filled in. */
  readonly template: string;
  /** That it has made. */
  answers: number;
}

/** API Gateway's own limit. Lambda's is smaller, and counts the event around the body as well. */
const BODY_BYTES_MAX = 10 * 1024 * 1024;

export function openRestApi(options: RestApiOptions): Promise<OpenDoor> {
  return listenAtDoor(options.port ?? 0, (request, response) => answer(options, request, response));
}

async function answer(
  options: RestApiOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const received = await receiveRequest(request, BODY_BYTES_MAX);
  const own = (type: string, status: number, message: string) =>
    tellOwn(options, response, { type, status, message });
  if (received === undefined) return own('REQUEST_TOO_LARGE', 413, 'Request Too Long');
  const prefix = `/${options.stage}`;
  if (received.path !== prefix && !received.path.startsWith(`${prefix}/`))
    return tell(response, 403, 'Forbidden');
  const path = received.path.slice(prefix.length) || '/';
  try {
    const caller = callerOf(options, received, path);
    const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
    const event = JSON.stringify(restApiEvent(received, options, { path, caller, sourceIp }));
    const answered = await options.host.invokeStreaming(options.functionArn, event);
    await writeAnswer(
      options.responseTransferMode === 'STREAM' ? asStream(answered) : await asWhole(answered),
      response,
      () => own('', 502, 'Internal server error'),
    );
  } catch (error) {
    refuse(options, response, error);
  }
}

type Answered = Awaited<ReturnType<LambdaHost['invokeStreaming']>>;

/** A streaming integration understands a stream that begins with a head, and nothing else. */
function asStream(answered: Answered): FunctionAnswer {
  if (answered.kind === 'failed' || hasHead(answered)) return answered;
  if (answered.kind === 'stream') answered.body.destroy();
  return { kind: 'failed', error: { errorType: 'NoHead', errorMessage: 'the answer tells no status' } };
}

async function asWhole(answered: Answered) {
  const { functionError, payload } = await wholeAnswer(answered);
  if (functionError === undefined) return { kind: 'whole', bytes: payload } as const;
  return { kind: 'failed', error: JSON.parse(payload.toString()) } as const;
}

function callerOf(
  { permits, functionArn, account, apiId, stage }: RestApiOptions,
  received: ReceivedRequest,
  path: string,
): SignedCaller | undefined {
  if (permits === undefined) return undefined;
  const region = functionArn.split(':')[3] ?? '';
  const caller = signedCaller(received, { signingName: 'execute-api', region });
  const resource = `arn:aws:execute-api:${region}:${account}:${apiId}/${stage}/${received.method}${path}`;
  if (!permits({ caller, action: 'execute-api:Invoke', resource })) {
    const message = `User: ${caller.arn} is not authorized to perform: execute-api:Invoke on resource: ${resource}`;
    throw new WireError('AccessDeniedException', 403, message);
  }
  return caller;
}

/** What Lambda refused is an error of the API's own to its callers, whatever the reason was. */
function refuse(options: RestApiOptions, response: ServerResponse, error: unknown): void {
  if (error instanceof WireError) {
    response.setHeader('x-amzn-errortype', error.name);
    const type = typeOfRefusal[error.name] ?? '';
    tellOwn(options, response, { type, status: error.status, message: error.message });
    return;
  }
  if (!(error instanceof LambdaError)) throw error;
  response.setHeader('x-amzn-errortype', 'InternalServerErrorException');
  // Where the type is set, its status is 504 unless that is set too; where it is not, callers see 500.
  const isSet = options.responses?.has('INTEGRATION_FAILURE') === true;
  const status = isSet ? 504 : 500;
  tellOwn(options, response, { type: 'INTEGRATION_FAILURE', status, message: 'Internal server error' });
}

const typeOfRefusal: Readonly<Record<string, string>> = {
  AccessDeniedException: 'ACCESS_DENIED',
  MissingAuthenticationTokenException: 'MISSING_AUTHENTICATION_TOKEN',
  InvalidSignatureException: 'INVALID_SIGNATURE',
};

/** By the response of the type, else by that of all of its kind, else with the message alone. */
function tellOwn(
  { responses }: RestApiOptions,
  response: ServerResponse,
  { type, status, message }: { readonly type: string; readonly status: number; readonly message: string },
): void {
  const own = responses?.get(type) ?? responses?.get(status >= 500 ? 'DEFAULT_5XX' : 'DEFAULT_4XX');
  if (own === undefined) {
    tell(response, status, message);
    return;
  }
  own.answers += 1;
  const filled: Readonly<Record<string, string>> = {
    'error.messageString': JSON.stringify(message),
    'error.message': message,
    'error.responseType': type,
    requestId: randomUUID(),
  };
  const body = own.template.replaceAll(
    /\$context\.(requestId|error\.(?:messageString|message|responseType))/g,
    (_, name: string) => filled[name] ?? '',
  );
  response.writeHead(own.status ?? status, { 'content-type': 'application/json', ...own.headers }).end(body);
}

function tell(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
}
