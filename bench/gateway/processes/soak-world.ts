/** Models that fail now and then and callers that leave now and then, by a fixed seed; and who counts the heap. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request as send } from 'undici';
import { converseFrames, exceptionFrame } from '#test/builders/event-stream-frame.ts';
import { grownMost, type HeapCensus, takeCensus } from '../heap-census.ts';
import { apiKey, DELTAS, deltaText, requestBody, wholeText } from '../protocol.ts';
import {
  CALLERS,
  type CensusAnswer,
  type CensusOrder,
  type SoakCount,
  type SoakOrder,
} from '../soak-protocol.ts';

let state = 20_261_121;
/** 0 to under 1, the same row of numbers in every run (Park and Miller's generator). */
function chance(): number {
  state = (state * 48_271) % 2_147_483_647;
  return state / 2_147_483_647;
}

let [faultShare, abortShare] = [0, 0];

const frames = converseFrames(...Array.from({ length: DELTAS }, (_, index) => deltaText(index)));
const whole = Buffer.concat(frames);
const half = Buffer.concat(frames.slice(0, DELTAS / 2));
const exception = exceptionFrame('internalServerException', { message: 'as the soak wants it' });
const streamHead = { 'content-type': 'application/vnd.amazon.eventstream' };

function sendError(response: ServerResponse, status: number, name: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name });
  response.end('{"message":"as the soak wants it"}');
}

/** None of them rests a quota pool: what is called exhausted then is a lease that was not given back. */
const faults: readonly ((response: ServerResponse) => void)[] = [
  (response) => sendError(response, 500, 'InternalServerException'),
  (response) => sendError(response, 503, 'ServiceUnavailableException'),
  (response) => response.destroy(),
  (response) => response.writeHead(200, streamHead).write(half, () => response.destroy()),
  (response) => response.writeHead(200, streamHead).end(Buffer.concat([half, exception])),
  (response) => response.writeHead(200, streamHead).end(half),
];

const server = createServer({ noDelay: true, keepAliveTimeout: 600_000 }, (incoming, response) => {
  incoming.resume();
  incoming.once('end', () => {
    if (incoming.url?.endsWith('/converse-stream') !== true) return sendError(response, 400, 'Unserved');
    const fault = chance() < faultShare ? faults[Math.floor(chance() * faults.length)] : undefined;
    if (fault !== undefined) return fault(response);
    // In two packets with a turn between them, so that there is a middle to leave in.
    response.writeHead(200, streamHead).write(half);
    setImmediate(() => response.end(whole.subarray(half.length)));
  });
});
server.on('clientError', (_, socket) => socket.destroy());
server.listen(0, '127.0.0.1', () =>
  process.send?.({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
);

const agent = new Agent({ connections: CALLERS, pipelining: 1 });
process.on('message', (order: SoakOrder | CensusOrder) => {
  if ('heapSnapshotPath' in order) process.send?.(census(order));
  else void soak(order).then((count) => process.send?.(count));
});
process.once('disconnect', () => process.exit(0));

const GROWN_SHOWN = 8;
let reference: HeapCensus | undefined;

function census({ heapSnapshotPath, isReference }: CensusOrder): CensusAnswer {
  const taken = takeCensus(heapSnapshotPath);
  if (isReference) reference = taken;
  const { keptBytes, compiledBytes } = taken;
  return { keptBytes, compiledBytes, grown: grownMost(reference ?? taken, taken, GROWN_SHOWN) };
}

async function soak({ url, requests, ...shares }: SoakOrder): Promise<SoakCount> {
  ({ faultShare, abortShare } = shares);
  const count: Record<string, number> = {};
  let left = requests;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      const ending = await call(`${url}/v1/chat/completions`);
      count[ending] = (count[ending] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return count;
}

async function call(url: string): Promise<string> {
  const stream = chance() < 0.5;
  const leaving = new AbortController();
  const leaves = chance() < abortShare;
  if (leaves) setTimeout(() => leaving.abort(), chance() * 10);
  try {
    const { statusCode, body } = await send(url, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: requestBody(stream),
      signal: leaving.signal,
    });
    const text = await body.text();
    if (statusCode !== 200) return codeOf(text);
    return stream ? endingOfStream(text) : endingOfPlain(text);
  } catch (error) {
    if (leaves) return 'aborted';
    console.error(error);
    return 'wrong';
  }
}

function codeOf(text: string): string {
  const { error } = JSON.parse(text) as { error?: { code?: string } };
  return error?.code ?? 'wrong';
}

function endingOfPlain(text: string): string {
  const { choices } = JSON.parse(text) as { choices?: { message?: { content?: string } }[] };
  return choices?.[0]?.message?.content === wholeText ? 'answered' : 'wrong';
}

function endingOfStream(text: string): string {
  const events = text.split('\n\n').flatMap((event) => (event.startsWith('data: ') ? [event.slice(6)] : []));
  if (events.at(-1) !== '[DONE]')
    return events.some((event) => event.startsWith('{"error"')) ? 'interrupted' : 'wrong';
  const said = events.slice(0, -1).map((event) => {
    const { choices } = JSON.parse(event) as { choices: { delta: { content?: string } }[] };
    return choices[0]?.delta.content ?? '';
  });
  return said.join('') === wholeText ? 'answered' : 'wrong';
}
