/** A function's answer as the HTTP answer that it describes. */
import type { ServerResponse } from 'node:http';
import type { FunctionAnswer } from '../invocation.ts';

/** Status and headers that a function sends first. */
interface AnswerHead {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly cookies?: readonly string[];
}

/** The content type by which a function says that its stream begins with a head. */
const integrationType = 'application/vnd.awslambda.http-integration-response';
const headEnd = Buffer.alloc(8);
/** A head that has not ended by then is none to API Gateway; of function URLs nobody says. */
const HEAD_BYTES_MAX = 16 * 1024;

/** Whether a function's answer begins with a status and headers. */
export const hasHead = (answer: FunctionAnswer): boolean =>
  answer.kind === 'stream' && answer.contentType === integrationType;

/** What the door says where the function failed before its first byte, or answered what is no answer. */
export type TellFailure = (response: ServerResponse) => void;

/**
 * Hands on an answer as it comes. An answer that breaks off breaks the caller's connection; a caller who leaves is not
 * told to the function.
 */
export async function writeAnswer(
  answer: FunctionAnswer,
  response: ServerResponse,
  tellFailure: TellFailure,
): Promise<void> {
  if (answer.kind === 'failed') return tellFailure(response);
  if (answer.kind === 'whole') return writeWhole(answer.bytes, response, tellFailure);
  const { body } = answer;
  response.once('close', () => body.destroy());
  let head = hasHead(answer) ? Buffer.alloc(0) : undefined;
  if (head === undefined) response.writeHead(200, { 'content-type': answer.contentType });
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (head === undefined) {
        await write(response, chunk);
        continue;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(headEnd);
      if (end < 0 && head.length > HEAD_BYTES_MAX) break;
      if (end < 0) continue;
      writeHead(response, JSON.parse(head.subarray(0, end).toString()));
      response.flushHeaders();
      const rest = head.subarray(end + headEnd.length);
      head = undefined;
      if (rest.length > 0) await write(response, rest);
    }
  } catch {
    if (!response.headersSent) return tellFailure(response);
    response.destroy();
    return;
  }
  if (head !== undefined) {
    body.destroy();
    return tellFailure(response);
  }
  response.end();
}

/** An answer in one piece: JSON with a status, or anything, which is then the body of a 200. */
function writeWhole(bytes: Buffer, response: ServerResponse, tellFailure: TellFailure): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString());
  } catch {
    tellFailure(response);
    return;
  }
  const head = parsed as Partial<AnswerHead> & { readonly body?: string; readonly isBase64Encoded?: boolean };
  if (typeof parsed !== 'object' || parsed === null || typeof head.statusCode !== 'number') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(bytes);
    return;
  }
  writeHead(response, head as AnswerHead);
  response.end(Buffer.from(head.body ?? '', head.isBase64Encoded === true ? 'base64' : 'utf8'));
}

function writeHead(
  response: ServerResponse,
  { statusCode, headers = {}, multiValueHeaders = {}, cookies }: AnswerHead,
): void {
  for (const [name, value] of Object.entries({ ...headers, ...multiValueHeaders }))
    response.setHeader(name, value);
  if (cookies !== undefined && cookies.length > 0) response.setHeader('set-cookie', cookies);
  response.statusCode = statusCode;
}

/** Until more may be written, or the caller has left. */
function write(response: ServerResponse, chunk: Buffer): Promise<void> {
  if (response.write(chunk)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}
