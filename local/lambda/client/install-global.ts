import type { ResponseStream } from './runtime-client.ts';

/** Marks a handler that writes its answer to a stream; AWS's client knows it by the same symbol. */
export const streamingMark = Symbol.for('aws.lambda.runtime.handler.streaming');

const integrationType = 'application/vnd.awslambda.http-integration-response';
/** Between the head of an answer and its body. */
const headEnd = Buffer.alloc(8);

/** The `awslambda` that a handler finds: how it says that it streams, and how it sends a status and headers first. */
export function installGlobal(): void {
  const streamifyResponse = (handler: object) => Object.assign(handler, { [streamingMark]: 'response' });
  const from = (stream: ResponseStream, head: unknown) => {
    stream.setContentType(integrationType);
    stream.beforeFirstWrite = Buffer.concat([Buffer.from(JSON.stringify(head)), headEnd]);
    return stream;
  };
  Object.assign(globalThis, { awslambda: { streamifyResponse, HttpResponseStream: { from } } });
}
