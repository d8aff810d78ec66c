/**
 * The Runtime API (2018-06-01) of one process: what a runtime client asks for its next invocation and tells the answers
 * to. Nobody else is served on its port.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FunctionError, Invocation } from './invocation.ts';
import { RESPONSE_BYTES_MAX } from './limits.ts';
import { readStreamedAnswer } from './streamed-answer.ts';

const routes = /^\/2018-06-01\/runtime\/(?:invocation\/(?:(next)|([^/]+)\/(response|error))|init\/(error))$/;

/** What a runtime is told beside the payload. */
export interface InvocationHead {
  readonly deadlineMs: number;
  readonly functionArn: string;
}

export class RuntimeApi {
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch(() => response.destroy());
  });
  readonly #initError = Promise.withResolvers<FunctionError>();
  #waiting: ServerResponse | undefined;
  #idle = Promise.withResolvers<void>();
  #current: Invocation | undefined;
  readonly #streamedBytesMax: number;

  constructor(streamedBytesMax: number) {
    this.#streamedBytesMax = streamedBytesMax;
  }

  /** The host and port that the runtime client finds in AWS_LAMBDA_RUNTIME_API. */
  async open(): Promise<string> {
    this.#server.keepAliveTimeout = 0;
    this.#server.requestTimeout = 0;
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Settled when the runtime asks for an invocation: its init, or the one that it was given, is over. */
  get idle(): Promise<void> {
    return this.#idle.promise;
  }

  /** Settled when the runtime says that its init failed. */
  get initError(): Promise<FunctionError> {
    return this.#initError.promise;
  }

  /** To a runtime that is idle. */
  give(invocation: Invocation, { deadlineMs, functionArn }: InvocationHead): void {
    const response = this.#waiting;
    if (response === undefined) throw new Error('the runtime does not ask for an invocation');
    this.#waiting = undefined;
    this.#current = invocation;
    this.#idle = Promise.withResolvers<void>();
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': invocation.id,
      'lambda-runtime-deadline-ms': String(deadlineMs),
      'lambda-runtime-invoked-function-arn': functionArn,
      'lambda-runtime-trace-id': invocation.traceId,
    });
    response.end(invocation.payload);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, next, id, kind, init] = routes.exec(request.url ?? '') ?? [];
    if (next !== undefined && request.method === 'GET') {
      this.#waiting = response;
      this.#current = undefined;
      this.#idle.resolve();
    } else if (init !== undefined && request.method === 'POST') {
      this.#initError.resolve(readError(await readAll(request)));
      accept(response);
    } else if (kind === undefined || request.method !== 'POST') {
      refuse(response, 404, { errorType: 'UnknownRoute', errorMessage: `${request.method} ${request.url}` });
    } else if (this.#current === undefined || decodeURIComponent(id ?? '') !== this.#current.id) {
      refuse(response, 400, { errorType: 'InvalidRequestID', errorMessage: `${id} is not under way` });
    } else if (kind === 'error') {
      this.#current.fail(readError(await readAll(request)));
      accept(response);
    } else {
      await this.#takeAnswer(this.#current, request, response);
    }
  }

  async #takeAnswer(
    invocation: Invocation,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (request.headers['lambda-runtime-function-response-mode'] === 'streaming') {
      const isWhole = await readStreamedAnswer(invocation, request, this.#streamedBytesMax);
      if (isWhole) return accept(response);
      refuse(response, 413, tooLarge);
      response.once('finish', () => request.socket.destroySoon());
      return;
    }
    const bytes = await readAll(request);
    if (bytes.length > RESPONSE_BYTES_MAX) {
      const errorMessage = `Response payload size exceeded maximum allowed payload size (${RESPONSE_BYTES_MAX} bytes).`;
      invocation.fail({ errorType: 'Function.ResponseSizeTooLarge', errorMessage });
      return refuse(response, 413, tooLarge);
    }
    invocation.answer({ kind: 'whole', bytes });
    accept(response);
  }
}

function accept(response: ServerResponse): void {
  response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}\n');
}

const tooLarge: FunctionError = {
  errorType: 'RequestEntityTooLarge',
  errorMessage: 'Exceeded maximum allowed payload size.',
};

function refuse(response: ServerResponse, status: number, error: FunctionError): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(error));
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A runtime may send anything as its error. */
function readError(bytes: Buffer): FunctionError {
  try {
    const parsed: unknown = JSON.parse(bytes.toString());
    if (typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed)
      return parsed as FunctionError;
  } catch {
    // What does not parse is told as it came.
  }
  return { errorType: 'Unhandled', errorMessage: bytes.toString() };
}
