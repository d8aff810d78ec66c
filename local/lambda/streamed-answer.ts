import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import type { FunctionError, Invocation } from './invocation.ts';

/**
 * Hands an answer on as it arrives, with back-pressure. A caller who leaves is not told to the function, as in Lambda:
 * the rest is read and thrown away.
 *
 * @returns false where the answer was larger than Lambda streams, and was cut off
 */
export async function readStreamedAnswer(
  invocation: Invocation,
  request: IncomingMessage,
  bytesMax: number,
): Promise<boolean> {
  const contentType = request.headers['content-type'] ?? 'application/octet-stream';
  const body = new PassThrough();
  // Whoever reads it hears of it; where nobody does, it is no error of ours.
  body.on('error', () => undefined);
  const ended = Promise.withResolvers<FunctionError | undefined>();
  const breakOff = (error: FunctionError) => {
    // What ended well stays so, whatever becomes of the process then.
    if (body.writableEnded) return;
    ended.resolve(error);
    body.destroy(new Error(`${error.errorType}: ${error.errorMessage}`));
  };
  const begin = () =>
    invocation.answer({ kind: 'stream', contentType, body, ended: ended.promise }, breakOff);
  let bytes = 0;
  // What is left of an answer that is cut off is for the caller of this to deal with.
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of chunks) {
    begin();
    bytes += chunk.length;
    if (bytes > bytesMax) {
      const errorMessage = `Response payload size exceeded maximum allowed payload size (${bytesMax} bytes).`;
      breakOff({ errorType: 'Function.ResponseSizeTooLarge', errorMessage });
      return false;
    }
    if (!body.destroyed && !body.write(chunk)) await drained(body);
  }
  const error = errorOfTrailers(request);
  if (error !== undefined && bytes === 0) {
    invocation.fail(error);
    return true;
  }
  begin();
  if (error === undefined) {
    ended.resolve(undefined);
    body.end();
  } else {
    breakOff(error);
  }
  return true;
}

/** Until more may be written, or nobody reads any longer. */
function drained(body: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      body.off('drain', done);
      body.off('close', done);
      resolve();
    };
    body.once('drain', done);
    body.once('close', done);
  });
}

/** What the runtime says, behind the last byte, went wrong in the middle. */
function errorOfTrailers({ trailers }: IncomingMessage): FunctionError | undefined {
  const errorType = trailers['lambda-runtime-function-error-type'];
  if (errorType === undefined) return undefined;
  const told = Buffer.from(trailers['lambda-runtime-function-error-body'] ?? '', 'base64').toString();
  try {
    return { ...(JSON.parse(told) as FunctionError), errorType };
  } catch {
    return { errorType, errorMessage: told };
  }
}
