/** Every target that was asked throttled: the caller is told to wait, whatever ended the asking and whatever the work. */
import { describe, expect, it } from 'vitest';
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import type { Target } from '#core/target.ts';
import {
  aGateway,
  aStartedGateway,
  configWithoutBaseline,
  type TestGateway,
} from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { aSignal, type Script, usageOf } from '#test/builders/scripted-invoker.ts';
import { ATTEMPTS_MAX } from '#usecases/gateway/attempt.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const throttle = (changes: Partial<UpstreamSignal> = {}): UpstreamSignal =>
  aSignal({ errorName: 'ThrottlingException', httpStatus: 429, ...changes });
const broken = aSignal({ errorName: 'InternalServerException', httpStatus: 500 });
const throttled = (seconds?: number): Script => ({
  failsBefore: throttle(seconds === undefined ? {} : { retryAfterMs: seconds * 1000 }),
});

/** More targets than a request has attempts, so that some stay unasked. */
const many: readonly Target[] = Array.from({ length: ATTEMPTS_MAX + 3 }, (_, index) =>
  aTarget({ modelId: `anthropic.claude-haiku-4-5-${index}-v1:0`, position: index }),
);

const messages = [{ role: 'user', content: 'Hello' }];
const converse = { messages: [{ role: 'user', content: [{ text: 'Hello' }] }] };
const formats: readonly (readonly [string, object])[] = [
  ['/v1/chat/completions', { model: 'chat-small', messages }],
  ['/v1/chat/completions', { model: 'chat-small', messages, stream: true }],
  ['/v1/responses', { model: 'chat-small', input: 'Hello' }],
  ['/v1/responses', { model: 'chat-small', input: 'Hello', stream: true }],
  ['/v1/messages', { model: 'chat-small', max_tokens: 10, messages }],
  ['/v1/messages', { model: 'chat-small', max_tokens: 10, messages, stream: true }],
  ['/v1/messages/count_tokens', { model: 'chat-small', messages }],
  ['/model/chat-small/converse', converse],
  ['/model/chat-small/converse-stream', converse],
  ['/model/chat-small/count-tokens', { input: { converse } }],
];

async function told(answer: Response) {
  return [answer.status, answer.headers.get('retry-after'), codeIn(await answer.text())];
}

const codeIn = (text: string): string | undefined =>
  /capacity_exhausted|upstream_failed|deadline_exceeded/.exec(text)?.[0];

function scriptAll({ invoker }: TestGateway, targets: readonly Target[], script: Script): void {
  for (const { id } of targets) invoker.script(id, script);
}

describe.each(formats)('%s (%j)', (path, body) => {
  it('tells to wait as long as the earliest target wishes', async () => {
    const made = await aStartedGateway([east, west]);
    made.invoker.script(east.id, throttled(30));
    made.invoker.script(west.id, throttled(7));
    expect(await told(await made.post(path, body))).toEqual([429, '7', 'capacity_exhausted']);
  });

  it('does so where the attempts ran out first', async () => {
    const made = await aStartedGateway(many);
    scriptAll(made, many, throttled(9));
    expect(await told(await made.post(path, body))).toEqual([429, '9', 'capacity_exhausted']);
    expect(made.invoker.calls).toHaveLength(ATTEMPTS_MAX);
  });

  it('is a failure where one of those that were asked broke', async () => {
    const made = await aStartedGateway(many);
    scriptAll(made, many, throttled(9));
    made.invoker.script(many[0]?.id ?? '', { failsBefore: broken });
    expect(await told(await made.post(path, body))).toEqual([502, null, 'upstream_failed']);
  });
});

describe('a count', () => {
  const count = (made: TestGateway) =>
    made.post('/v1/messages/count_tokens', { model: 'chat-small', messages });

  it('that is throttled everywhere leaves the chats of its targets alone', async () => {
    const made = await aStartedGateway([east, west]);
    made.invoker.script(east.id, throttled(30), { events: [] });
    made.invoker.script(west.id, throttled(30));
    expect((await count(made)).status).toBe(429);
    await made.chat();
    expect(made.invoker.calls[2]?.target).toBe(east.id);
  });

  it('that some targets cannot do waits for those that can', async () => {
    const made = await aStartedGateway([east, west]);
    made.invoker.script(east.id, {
      failsBefore: aSignal({ errorName: 'ValidationException', message: "doesn't support counting tokens" }),
    });
    made.invoker.script(west.id, throttled(4));
    expect(await told(await count(made))).toEqual([429, '4', 'capacity_exhausted']);
  });

  it('waits a second where no target says how long', async () => {
    const made = await aStartedGateway([east, west]);
    scriptAll(made, [east, west], throttled());
    expect(await told(await count(made))).toEqual([429, '1', 'capacity_exhausted']);
  });
});

it('vectors wait as answers do, whether all targets throttled or the attempts ran out', async () => {
  const embedder = {
    modelId: 'amazon.titan-embed-text-v2:0',
    capabilities: { output: ['EMBEDDING' as const] },
  };
  const embedders = many.map((_, index) => aTarget({ ...embedder, account: `${222_222_222_200 + index}` }));
  for (const targets of [embedders.slice(0, 2), embedders]) {
    const routes = [aRoute({ model: 'embed', targets })];
    const made = aGateway({ config: configWithoutBaseline(), routes });
    await made.gateway.start();
    made.gateway.stop();
    scriptAll(made, targets, throttled(8));
    const answer = await made.post('/v1/embeddings', { model: 'embed', input: 'Hello' });
    expect(await told(answer)).toEqual([429, '8', 'capacity_exhausted']);
    expect(made.invoker.calls).toHaveLength(Math.min(targets.length, ATTEMPTS_MAX));
  }
});

describe('time that runs out', () => {
  const slow = (script: Script, afterMs: number): Script => ({ ...script, afterMs });

  it.each([
    ['after throttles alone is a wait', throttled(5), [429, '5', 'capacity_exhausted']],
    ['after a failure too is the deadline’s', { failsBefore: broken }, [504, null, 'deadline_exceeded']],
  ] as const)('%s', async (_, first, answer) => {
    const made = await aStartedGateway(many, { leap: true });
    // Deadlines are whole milliseconds, so that each of these is over before its own is.
    scriptAll(made, many, slow(throttled(6), 0.7));
    made.invoker.script(many[0]?.id ?? '', slow(first, 0.5));
    const deadline = { 'x-spillway-deadline-ms': '1' };
    expect(await told(await made.chat({}, deadline))).toEqual(answer);
    expect(made.invoker.calls).toHaveLength(2);
  });
});

it('a throttle inside a stream before its first content is one too', async () => {
  const made = await aStartedGateway([east, west]);
  scriptAll(made, [east, west], {
    events: [{ type: 'message-start' }, { type: 'usage', usage: usageOf(1, 0) }],
    failsInside: throttle({ errorName: 'throttlingException', phase: 'in-stream' }),
  });
  const answer = await made.chat({ stream: true });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1']);
});
