/** A function URL: one function behind an origin of its own, by the payload of version 2.0. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { WireError } from '../../wire/wire-error.ts';
import { LambdaError } from '../lambda-error.ts';
import type { LambdaHost } from '../lambda-host.ts';
import { REQUEST_BYTES_MAX } from '../limits.ts';
import { wholeAnswer } from '../whole-answer.ts';
import { functionUrlEvent } from './function-url-event.ts';
import { listenAtDoor, type OpenDoor } from './listen-at-door.ts';
import { type ReceivedRequest, receiveRequest } from './received-request.ts';
import { type Permits, type SignedCaller, signedCaller } from './signed-caller.ts';
import { writeAnswer } from './write-answer.ts';

export interface FunctionUrlOptions {
  readonly host: LambdaHost;
  /** ARN of the function. */
  readonly functionArn: string;
  /** As the template says it. */
  readonly invokeMode: 'BUFFERED' | 'RESPONSE_STREAM';
  /**
   * Who may call, asked with every signed request. Nobody needs to sign where it is left out (`AuthType: NONE`).
   * @default - everybody, unsigned
   */
  readonly permits?: (question: Parameters<Permits>[0]) => boolean | Promise<boolean>;
  /** @default 0 a free port */
  readonly port?: number;
}

/** Both are needed; Lambda asks for the second one since October 2025. */
const urlActions = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'] as const;

export function openFunctionUrl(options: FunctionUrlOptions): Promise<OpenDoor> {
  return listenAtDoor(options.port ?? 0, (request, response) => answer(options, request, response));
}

async function answer(
  options: FunctionUrlOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const received = await receiveRequest(request, REQUEST_BYTES_MAX);
  if (received === undefined) return tell(response, 413, { message: 'Request Entity Too Large' });
  try {
    const caller = await callerOf(options, received);
    const event = JSON.stringify(functionUrlEvent(received, { caller, sourceIp: sourceOf(request) }));
    const answered = await options.host.invokeStreaming(options.functionArn, event);
    await writeAnswer(
      options.invokeMode === 'RESPONSE_STREAM' ? answered : await buffered(answered),
      response,
      (failed) => tell(failed, 502, { Message: 'Internal Server Error' }),
    );
  } catch (error) {
    refuse(response, error);
  }
}

/** A door that does not stream takes what a function streams in one piece. */
async function buffered(answered: Awaited<ReturnType<LambdaHost['invokeStreaming']>>) {
  const { functionError, payload } = await wholeAnswer(answered);
  if (functionError === undefined) return { kind: 'whole', bytes: payload } as const;
  return { kind: 'failed', error: JSON.parse(payload.toString()) } as const;
}

async function callerOf(
  { permits, functionArn }: FunctionUrlOptions,
  received: ReceivedRequest,
): Promise<SignedCaller | undefined> {
  if (permits === undefined) return undefined;
  const caller = signedCaller(received, { signingName: 'lambda', region: functionArn.split(':')[3] ?? '' });
  for (const action of urlActions) {
    if (await permits({ caller, action, resource: functionArn })) continue;
    throw new WireError('AccessDeniedException', 403, 'Forbidden');
  }
  return caller;
}

function refuse(response: ServerResponse, error: unknown): void {
  if (error instanceof WireError) {
    response.setHeader('x-amzn-errortype', error.name);
    tell(response, error.status, { Message: error.message });
    return;
  }
  if (!(error instanceof LambdaError)) throw error;
  response.setHeader('x-amzn-errortype', error.name);
  tell(response, error.status, { Reason: error.reason, Type: 'User', message: error.message });
}

function tell(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const sourceOf = (request: IncomingMessage): string => request.socket.remoteAddress ?? '127.0.0.1';
