/** Bent answers of targets over real sockets, through the real data path and every wire format, each judged. */
import type { ServerResponse } from 'node:http';
import { createTargetInvoker } from '#adapters/aws/target-invoker.ts';
import type { Random } from '#core/units/random.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { aGateway } from '#test/builders/a-gateway.ts';
import { converseFrames, eventFrame, exceptionFrame } from '#test/builders/event-stream-frame.ts';
import { openLoopbackUpstream } from '#test/builders/loopback-upstream.ts';
import { loopbackClient } from '#test/builders/upstream-client.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { type FuzzTally, wholeAnswer, withinTime } from './fuzz-requests.ts';
import { complaintAbout } from './judge-answer.ts';
import { endingComplaint } from './judge-stream.ts';
import { bentBody, bentBytes, pick } from './mutate.ts';
import { seeds } from './seeds.ts';

const words = ['One', ' two', ' three', ' four', '.'];
export const trueText = words.join('');
const encoder = new TextEncoder();

const plainAnswer = {
  output: { message: { role: 'assistant', content: [{ text: trueText }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 7, outputTokens: 5, totalTokens: 12 },
  metrics: { latencyMs: 12 },
};
const embeddingAnswer = {
  embedding: Array.from({ length: 256 }, (_, index) => index / 256),
  inputTextTokenCount: 7,
};

const errorNames = [
  'ThrottlingException',
  'ValidationException',
  'AccessDeniedException',
  'ServiceUnavailableException',
  'ModelNotReadyException',
  'ModelErrorException',
  'ExpiredTokenException',
  'SomethingNewException',
  '',
];
const errorStatuses = [301, 400, 403, 404, 408, 413, 418, 424, 429, 500, 502, 503, 504];

/** What one answer is bent by. `framing`: bytes, which checksums see. `content`: JSON inside intact frames. */
type Bend = 'none' | 'framing' | 'content' | 'error' | 'cut';

export async function fuzzUpstream(options: {
  readonly seed: number;
  readonly answers: number;
  readonly onProgress?: (done: number) => void;
}): Promise<FuzzTally> {
  const random = createSeededRandom(options.seed);
  let bend = 'none' as Bend;
  let sent = 0;
  const upstream = await openLoopbackUpstream((response, { path }) => {
    sent += 1;
    bend = pick(random, ['none', 'framing', 'framing', 'content', 'error', 'cut']);
    answerWith(response, { random, bend, path });
  });
  const client = loopbackClient(upstream.endpoint);
  const clock = createVirtualClock(0, { leap: false });
  const { gateway } = aGateway({
    overrides: {
      clock,
      invoker: createTargetInvoker(client),
      metrics: { record: () => undefined, ejected: () => undefined, count: () => undefined },
      log: { write: () => undefined },
    },
  });
  const statuses: Record<string, number> = {};
  const findings: { index: number; complaint: string; request: string }[] = [];
  for (let index = 0; sent < options.answers && findings.length < 20; index += 1) {
    const { path, body } = pick(random, callSeeds);
    const request = new Request(`http://gateway.test${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-local', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await withinTime(wholeAnswer(gateway.handle(request)));
    // What an answer taught (pools that rest, targets that are left alone) is forgotten by then.
    clock.advance(3_600_000);
    const complaint =
      answer === undefined
        ? 'no answer'
        : (complaintAbout(answer) ?? endingComplaint(answer, { intact: bend !== 'content', trueText }));
    const status = String(answer?.status ?? 'hang');
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (complaint !== undefined)
      findings.push({ index, complaint, request: `${path} after ${bend}: ${answer?.text.slice(0, 3000)}` });
    if (index % 1000 === 999) options.onProgress?.(sent);
  }
  await client.close();
  await upstream.close();
  return { statuses, calls: sent, findings };
}

const callSeeds = seeds.filter(({ path }) => !path.startsWith('/spillway/'));

function answerWith(
  response: ServerResponse,
  { random, bend, path }: { readonly random: Random; readonly bend: Bend; readonly path: string },
): void {
  if (bend === 'error') {
    answerError(response, random);
    return;
  }
  const { type, bytes } = goodBytes(random, { path, bent: bend === 'content' });
  const whole = bend === 'framing' ? bentBytes(random, bytes) : bytes;
  response.writeHead(200, { 'content-type': random.next() < 0.01 ? 'text/html' : type });
  const at = Math.floor(random.next() * whole.length);
  response.write(whole.subarray(0, at));
  if (bend === 'cut') response.destroy();
  else response.end(whole.subarray(at));
}

function goodBytes(random: Random, { path, bent }: { readonly path: string; readonly bent: boolean }) {
  const json = (value: unknown) => ({
    type: 'application/json',
    bytes: encoder.encode(JSON.stringify(bent ? bentBody(random, value, [plainAnswer, value]) : value)),
  });
  if (path.endsWith('/converse')) return json(plainAnswer);
  if (path.endsWith('/invoke')) return json(embeddingAnswer);
  if (path.endsWith('/count-tokens')) return json({ inputTokens: 7 });
  return {
    type: 'application/vnd.amazon.eventstream',
    bytes: Buffer.concat(bent ? bentFrames(random) : converseFrames(...words)),
  };
}

/** Intact frames with bent content, repeated, dropped, in another order, or with an exception between them. */
function bentFrames(random: Random): readonly Buffer[] {
  const events: readonly (readonly [string, unknown])[] = [
    ['messageStart', { role: 'assistant' }],
    ...words.map((text) => ['contentBlockDelta', { delta: { text }, contentBlockIndex: 0 }] as const),
    ['contentBlockStart', { start: { toolUse: { toolUseId: 't', name: 'weather' } }, contentBlockIndex: 1 }],
    ['contentBlockDelta', { delta: { toolUse: { input: '{}' } }, contentBlockIndex: 1 }],
    ['contentBlockStop', { contentBlockIndex: 1 }],
    ['messageStop', { stopReason: 'end_turn' }],
    ['metadata', { usage: { inputTokens: 7, outputTokens: 5, totalTokens: 12 }, metrics: { latencyMs: 1 } }],
  ];
  const bodies = events.map(([, body]) => body);
  return events.flatMap(([type, body]) => {
    const dice = random.next();
    if (dice < 0.05) return [];
    if (dice < 0.1)
      return [eventFrame(pick(random, ['messageStop', 'contentBlockStop', 'novelty', 'metadata']), body)];
    if (dice < 0.13)
      return [
        exceptionFrame(pick(random, ['throttlingException', 'validationException', 'novelException']), {
          message: 'no',
        }),
      ];
    const frame = eventFrame(type, dice < 0.3 ? bentBody(random, body, bodies) : body);
    return dice > 0.95 ? [frame, frame] : [frame];
  });
}

function answerError(response: ServerResponse, random: Random): void {
  const name = pick(random, errorNames);
  const body = pick<string | Uint8Array>(random, [
    JSON.stringify({ message: 'no' }),
    JSON.stringify({ Message: 'on-demand throughput', __type: `x#${name}` }),
    '<html>Bad gateway</html>',
    '',
    '{"message":',
    JSON.stringify(bentBody(random, { message: 'no', originalStatusCode: 400 }, [plainAnswer])) ?? '',
  ]);
  response.writeHead(pick(random, errorStatuses), {
    ...(name === '' ? {} : { 'x-amzn-errortype': name }),
    'content-type': pick(random, ['application/json', 'text/html']),
    ...(random.next() < 0.2
      ? { 'retry-after': pick(random, ['1', '-1', 'soon', '99999999', 'Wed, 21 Oct 2015 07:28:00 GMT']) }
      : {}),
  });
  response.end(body);
}
