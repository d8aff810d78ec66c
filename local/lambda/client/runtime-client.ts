/** The calls of the Runtime API, over one connection that is kept. */
import http from 'node:http';
import { Writable } from 'node:stream';
import { errorBody } from './error-body.ts';

const version = '/2018-06-01/runtime/';

export interface NextInvocation {
  readonly event: unknown;
  readonly headers: http.IncomingHttpHeaders;
}

export class RuntimeClient {
  readonly #address: { readonly host: string; readonly port: string };
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  /** Answers that are cut off leave a connection behind that nobody can use again. */
  readonly #answerAgent = new http.Agent({ keepAlive: false });

  constructor(address: string) {
    const [host = '', port = ''] = address.split(':');
    this.#address = { host, port };
  }

  async next(): Promise<NextInvocation> {
    const { headers, text } = await this.#send('GET', 'invocation/next');
    return { headers, event: JSON.parse(text) };
  }

  async postAnswer(id: string, json: string): Promise<void> {
    await this.#send('POST', `invocation/${id}/response`, { body: json });
  }

  async postError(path: string, error: unknown): Promise<void> {
    const body = errorBody(error);
    await this.#send('POST', path, {
      body: JSON.stringify(body),
      headers: { 'lambda-runtime-function-error-type': body.errorType },
    });
  }

  /** A stream whose first byte begins the answer. */
  openAnswer(id: string): ResponseStream {
    return new ResponseStream(this.#request('POST', `invocation/${id}/response`, this.#answerAgent));
  }

  async #send(
    method: string,
    path: string,
    { body, headers = {} }: { readonly body?: string; readonly headers?: Record<string, string> } = {},
  ): Promise<{ readonly headers: http.IncomingHttpHeaders; readonly text: string }> {
    const request = this.#request(method, path);
    for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
    if (body !== undefined) request.setHeader('content-type', 'application/json');
    const answered = answerOf(request);
    request.end(body);
    return answered;
  }

  #request(method: string, path: string, agent = this.#agent): http.ClientRequest {
    return http.request({ ...this.#address, agent, method, path: version + path });
  }
}

function answerOf(
  request: http.ClientRequest,
): Promise<{ readonly headers: http.IncomingHttpHeaders; readonly text: string }> {
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ headers: response.headers, text: Buffer.concat(chunks).toString() }),
      );
    });
  });
}

/** What a streaming handler writes to. */
export class ResponseStream extends Writable {
  /** Written before the handler's first bytes. */
  beforeFirstWrite: Buffer | undefined;
  /** Settled when the Runtime API has taken the whole answer. */
  readonly taken: Promise<unknown>;
  readonly #request: http.ClientRequest;
  #hasBegun = false;

  constructor(request: http.ClientRequest) {
    super();
    this.#request = request;
    request.setHeader('lambda-runtime-function-response-mode', 'streaming');
    request.setHeader('transfer-encoding', 'chunked');
    request.setHeader('content-type', 'application/octet-stream');
    request.setHeader('trailer', 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body');
    this.taken = answerOf(request);
    this.taken.catch((error: Error) => this.destroy(error));
    // An answer that is refused half-way ends without an error of the request's own.
    request.once('close', () => {
      if (!this.writableFinished) this.destroy(new Error('Premature close'));
    });
  }

  setContentType(contentType: string): void {
    if (this.#hasBegun) throw new Error('Cannot set content-type, too late.');
    this.#request.setHeader('content-type', contentType);
  }

  /** Ends the answer and says, behind its last byte, that it is not whole. */
  fail(error: unknown): void {
    const body = errorBody(error);
    this.#request.addTrailers({
      'Lambda-Runtime-Function-Error-Type': body.errorType,
      'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify(body)).toString('base64'),
    });
    this.#request.end();
  }

  /** As with AWS's client, bytes that are given to `end` alone have no head before them. */
  override write(chunk: unknown, ...rest: never[]): boolean {
    if (!this.#hasBegun && this.beforeFirstWrite !== undefined) super.write(this.beforeFirstWrite);
    this.#hasBegun = true;
    const isBytes = typeof chunk === 'string' || chunk instanceof Uint8Array;
    return super.write(isBytes ? chunk : JSON.stringify(chunk), ...rest);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#request.write(chunk)) done();
    else this.#request.once('drain', done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#request.end(done);
  }
}
