/**
 * The models: Bedrock's Converse and ConverseStream, and OpenAI's chat completions plain and streamed, on one port.
 * Does as little as it can, so that the contenders' work is what is seen. Refuses a Converse call without a signature.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventFrame } from '#test/builders/event-stream-frame.ts';
import { atOnce, DELTAS, deltaText, machineMicros, type PaceOrder, STAMP, wholeText } from '../protocol.ts';

/** A stream in one wire format, in the pieces that a model would write. */
interface WireStream {
  readonly contentType: string;
  readonly head: Buffer;
  delta(text: string): Buffer;
  readonly tail: Buffer;
  /** All of it, for an answer at once. */
  readonly whole: Buffer;
}

let pacing = atOnce;
const usage = { inputTokens: 96, outputTokens: DELTAS, totalTokens: 96 + DELTAS };
const openAiUsage = { prompt_tokens: 96, completion_tokens: DELTAS, total_tokens: 96 + DELTAS };

const plainConverse = Buffer.from(
  JSON.stringify({
    output: { message: { role: 'assistant', content: [{ text: wholeText }] } },
    stopReason: 'end_turn',
    usage,
    metrics: { latencyMs: 12 },
  }),
);
const completion = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'mock' };
const plainOpenAi = Buffer.from(
  JSON.stringify({
    ...completion,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: wholeText },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: openAiUsage,
  }),
);

const streams = {
  converse: wireStream({
    contentType: 'application/vnd.amazon.eventstream',
    head: eventFrame('messageStart', { role: 'assistant' }),
    delta: (text) => eventFrame('contentBlockDelta', { contentBlockIndex: 0, delta: { text } }),
    tail: Buffer.concat([
      eventFrame('contentBlockStop', { contentBlockIndex: 0 }),
      eventFrame('messageStop', { stopReason: 'end_turn' }),
      eventFrame('metadata', { usage, metrics: { latencyMs: 12 } }),
    ]),
  }),
  openAi: wireStream({
    contentType: 'text/event-stream',
    head: openAiChunk({ role: 'assistant', content: '' }, null),
    delta: (content) => openAiChunk({ content }, null),
    tail: Buffer.concat([openAiChunk({}, 'stop'), Buffer.from('data: [DONE]\n\n')]),
  }),
};

function wireStream(parts: Omit<WireStream, 'whole'>): WireStream {
  const deltas = Array.from({ length: DELTAS }, (_, index) => parts.delta(deltaText(index)));
  return { ...parts, whole: Buffer.concat([parts.head, ...deltas, parts.tail]) };
}

function openAiChunk(delta: unknown, finishReason: string | null): Buffer {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finishReason }];
  return Buffer.from(
    `data: ${JSON.stringify({ ...completion, object: 'chat.completion.chunk', choices })}\n\n`,
  );
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = request.url ?? '';
  if (url === '/v1/chat/completions') {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.once('end', () => {
      if (Buffer.concat(parts).includes('"stream":true')) sendStream(response, streams.openAi);
      else sendJson(response, 200, plainOpenAi);
    });
    return;
  }
  request.resume();
  request.once('end', () => {
    const signed = request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') === true;
    if (!url.startsWith('/model/') || !signed) sendJson(response, signed ? 404 : 403, Buffer.from('{}'));
    else if (url.endsWith('/converse-stream')) sendStream(response, streams.converse);
    else sendJson(response, 200, plainConverse);
  });
}

function sendJson(response: ServerResponse, status: number, body: Buffer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
}

function sendStream(response: ServerResponse, stream: WireStream): void {
  const { firstMs, gapMs } = pacing;
  response.writeHead(200, { 'content-type': stream.contentType });
  if (firstMs === 0 && gapMs === 0) {
    response.end(stream.whole);
    return;
  }
  response.flushHeaders();
  let sent = 0;
  const writeNext = () => {
    if (response.destroyed) return;
    const delta = stream.delta(`${deltaText(sent)}${STAMP}${machineMicros()}`);
    response.write(sent === 0 ? Buffer.concat([stream.head, delta]) : delta);
    sent += 1;
    if (sent < DELTAS) setTimeout(writeNext, gapMs);
    else response.end(stream.tail);
  };
  setTimeout(writeNext, firstMs);
}

const server = createServer({ noDelay: true, keepAliveTimeout: 600_000 }, answer);
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', (order: PaceOrder) => {
  pacing = order.pacing;
  process.send?.(order);
});
process.once('disconnect', () => process.exit(0));
