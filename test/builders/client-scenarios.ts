/** What handlers may do, and what a caller hears of it: the same of every runtime client. */

import { expect } from 'vitest';

export interface ClientScenario {
  readonly what: string;
  /** Of `index.mjs`. */
  readonly code: string;
  readonly handler?: string;
  readonly event?: unknown;
  /** @default false: it may take as long as a slow machine needs */
  readonly isLate?: boolean;
  /** The answer, or the error without its trace and with the id of the request as `<id>`. */
  readonly told: unknown;
}

const plain = (body: string) => `export const handler = async (event, context) => { ${body} };`;
const streamed = (body: string) =>
  `export const handler = awslambda.streamifyResponse(async (event, stream, context) => { ${body} });`;
const head = 'const answer = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });';
const error = (errorType: string, errorMessage: unknown) => ({ error: { errorType, errorMessage } });
const headText = '{"statusCode":201}\0\0\0\0\0\0\0\0';

export const clientScenarios: readonly ClientScenario[] = [
  { what: 'a value', code: plain('return { event };'), event: { a: 'ü' }, told: '{"event":{"a":"ü"}}' },
  { what: 'nothing', code: plain(''), told: 'null' },
  { what: 'no promise', code: 'export const handler = () => 1;', told: '1' },
  {
    what: 'an error thrown',
    code: plain("throw Object.assign(new TypeError('no'), { code: 'X' });"),
    told: error('TypeError', 'no'),
  },
  { what: 'a text thrown', code: plain("throw 'no';"), told: error('string', 'no') },
  {
    what: 'a value that is no JSON',
    code: plain('const ring = {}; ring.ring = ring; return ring;'),
    told: error('Runtime.JSONStringifyError', 'Unable to stringify response body'),
  },
  {
    what: 'the process ended',
    code: plain('process.exit(3);'),
    told: error('Runtime.ExitError', 'RequestId: <id> Error: Runtime exited with error: exit status 3'),
  },
  {
    what: 'the process ended without an error',
    code: plain('process.exit(0);'),
    told: error('Runtime.ExitError', 'RequestId: <id> Error: Runtime exited without providing a reason'),
  },
  {
    what: 'a promise rejected that nobody waits for',
    code: plain("Promise.reject(new Error('lost')); await new Promise(() => setTimeout(() => {}, 1e6));"),
    told: error('Runtime.ExitError', 'RequestId: <id> Error: Runtime exited with error: exit status 1'),
  },
  {
    what: 'more time than there is',
    isLate: true,
    code: plain('await new Promise((done) => setTimeout(done, 60_000));'),
    told: error('Sandbox.Timedout', 'RequestId: <id> Error: Task timed out after 1.00 seconds'),
  },
  {
    what: 'a package that is not there',
    code: "import { createRequire } from 'node:module'; createRequire(import.meta.url)('nowhere');",
    told: error('Runtime.ImportModuleError', expect.stringContaining('Cannot find module')),
  },
  {
    what: 'a file that is not there',
    code: '',
    handler: 'other.handler',
    told: error('Runtime.ImportModuleError', expect.stringContaining("Cannot find module 'other'")),
  },
  {
    what: 'an import that is not there',
    code: "import './nowhere.mjs';",
    told: error('Error', expect.stringContaining('Cannot find module')),
  },
  {
    what: 'a handler that is not there',
    code: 'export const other = 1;',
    told: error('Runtime.HandlerNotFound', 'index.handler is undefined or not exported'),
  },
  {
    what: 'a handler that is no function',
    code: 'export const handler = 1;',
    told: error('Runtime.HandlerNotFound', 'index.handler is not a function'),
  },
  {
    what: 'a handler without a name',
    code: '',
    handler: 'index',
    told: error('Runtime.MalformedHandlerName', 'Bad handler'),
  },
  {
    what: 'a syntax error',
    code: 'export const = 1;',
    told: error('Runtime.UserCodeSyntaxError', expect.stringContaining('SyntaxError')),
  },
  {
    what: 'a handler with a callback',
    code: 'export const handler = (event, context, callback) => callback(null, 1);',
    told: error(
      'Runtime.CallbackHandlerDeprecated',
      expect.stringContaining('callback-based function handlers'),
    ),
  },
  {
    what: 'an init that throws',
    code: "throw new RangeError('at init'); export const handler = 1;",
    told: error('RangeError', 'at init'),
  },
  {
    what: 'a stream',
    code: streamed("stream.write('a'); stream.write({ b: 1 }); stream.end('c');"),
    told: 'a{"b":1}c',
  },
  { what: 'an empty stream', code: streamed('stream.end();'), told: '' },
  {
    what: 'a stream with a head',
    code: streamed(`${head} answer.write('a'); answer.end('b');`),
    told: `${headText}ab`,
  },
  { what: 'a head alone', code: streamed(`${head} answer.write(''); answer.end();`), told: headText },
  { what: 'a head with bytes for its end alone', code: streamed(`${head} answer.end('b');`), told: 'b' },
  {
    what: 'a stream larger than Lambda streams',
    code: streamed(
      "const { pipeline } = await import('node:stream/promises'); let pieces = 0; const body = new ReadableStream({ pull: (sink) => ++pieces > 80 ? sink.close() : sink.enqueue(new Uint8Array(50_000)) }); await pipeline(body, stream);",
    ),
    told: error(
      'Function.ResponseSizeTooLarge',
      'Response payload size exceeded maximum allowed payload size (2000000 bytes).',
    ),
  },
  {
    what: 'a stream that fails before its first byte',
    code: streamed("throw new TypeError('no');"),
    told: error('TypeError', 'no'),
  },
  {
    what: 'a stream that fails in its middle',
    code: streamed(
      "stream.write('a'); await new Promise((done) => setTimeout(done, 20)); throw new TypeError('no');",
    ),
    told: error('TypeError', 'no'),
  },
  {
    what: 'a streaming handler that is not async, and fails',
    code: 'export const handler = awslambda.streamifyResponse((event, stream) => { stream.end(); });',
    // The answer has gone out by then.
    told: '',
  },
  {
    what: 'a stream that nobody ends',
    isLate: true,
    code: streamed("stream.write('a');"),
    told: error('Sandbox.Timedout', 'RequestId: <id> Error: Task timed out after 1.00 seconds'),
  },
  {
    what: 'the process ended in the middle of a stream',
    code: streamed(
      "stream.write('a', () => setTimeout(() => process.exit(4), 20)); await new Promise(() => {});",
    ),
    told: error('Runtime.ExitError', 'RequestId: <id> Error: Runtime exited with error: exit status 4'),
  },
];
