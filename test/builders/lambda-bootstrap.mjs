/**
 * What AWS's own runtime does inside a function's process, as far as a bundle can see it: the `awslambda` global,
 * the loop over the Runtime API's `next`, and answers that are streamed with a prelude. AWS's runtime client itself
 * needs a native build; this speaks its documented protocol (2018-06-01) and copies its shape of `HttpResponseStream`.
 */
import http from 'node:http';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';

const [host, port] = (process.env.AWS_LAMBDA_RUNTIME_API ?? '').split(':');
const base = '/2018-06-01/runtime/';
const agent = new http.Agent({ keepAlive: true });
const isStreaming = Symbol('streaming');

globalThis.awslambda = {
  streamifyResponse: (handler) => Object.assign(handler, { [isStreaming]: true }),
  HttpResponseStream: {
    from(stream, prelude) {
      stream.contentType = 'application/vnd.awslambda.http-integration-response';
      stream.write(JSON.stringify(prelude));
      stream.write(Buffer.alloc(8));
      return stream;
    },
  },
};

function call(method, path, headers = {}) {
  return http.request({ host, port, method, path: base + path, headers, agent });
}

async function read(request) {
  request.end();
  const response = await new Promise((resolve, reject) =>
    request.once('response', resolve).once('error', reject),
  );
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  return { headers: response.headers, text: Buffer.concat(chunks).toString() };
}

async function postError(path, error) {
  const request = call('POST', path, { 'content-type': 'application/json' });
  request.write(JSON.stringify({ errorType: error?.name, errorMessage: String(error?.message ?? error) }));
  await read(request);
}

/** Sends what the handler writes, from its first byte on. */
function answerStream(id) {
  const stream = new PassThrough();
  const sent = Promise.withResolvers();
  stream.once('readable', () => {
    const request = call('POST', `invocation/${id}/response`, {
      'content-type': stream.contentType ?? 'application/octet-stream',
      'lambda-runtime-function-response-mode': 'streaming',
      'transfer-encoding': 'chunked',
    });
    request.once('response', (response) => response.resume().once('end', sent.resolve));
    request.once('error', sent.reject);
    stream.pipe(request);
  });
  return { stream, sent: sent.promise };
}

const file = process.env.SANDBOX_BUNDLE ?? '';
let handler;
try {
  ({ handler } = await import(pathToFileURL(file).href));
} catch (error) {
  await postError('init/error', error);
  process.exit(1);
}

for (;;) {
  const { headers, text } = await read(call('GET', 'invocation/next'));
  const id = headers['lambda-runtime-aws-request-id'];
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const context = { awsRequestId: id, getRemainingTimeInMillis: () => deadline - Date.now() };
  if (handler[isStreaming] !== true) throw new Error('the handler does not stream');
  const { stream, sent } = answerStream(id);
  try {
    await handler(JSON.parse(text), stream, context);
    await sent;
  } catch (error) {
    await postError(`invocation/${id}/error`, error);
  }
}
