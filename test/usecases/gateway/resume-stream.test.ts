import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '#core/chat/chat-request.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { answering, aSignal, type Script, textEvents, usageOf } from '#test/builders/scripted-invoker.ts';

const claude = 'anthropic.claude-opus-4-5-20251101-v1:0';
const east = aTarget({ modelId: claude });
const west = aTarget({ region: 'us-west-2', modelId: claude });
const nova = aTarget({ region: 'us-west-2' });
const outside = aTarget({ region: 'eu-central-1', modelId: claude });

const world = (targets = [east, west], leap = true) => aStartedGateway(targets, { leap });
const wanted = { 'x-spillway-resume': 'continue' };
const reset = aSignal({ kind: 'reset', phase: 'in-stream' });
const breaking = (pieces: readonly string[], signal: UpstreamSignal = reset): Script => ({
  events: textEvents(pieces).slice(0, -1),
  failsInside: signal,
});
const contentOf = (text: string): string =>
  [...text.matchAll(/"content":("(?:[^"\\]|\\.)*")/g)].map((found) => JSON.parse(found[1] ?? '""')).join('');

function chatOf(made: { readonly call: { readonly request: unknown } } | undefined): ChatRequest {
  if (made === undefined) throw new Error('the target was not called');
  return made.call.request as ChatRequest;
}

/** Every way in which a stream breaks. */
const breaks: readonly (readonly [string, Script])[] = [
  ['reset', breaking(['One', ' two'])],
  ['cut', { events: textEvents(['One', ' two']).slice(0, -1) }],
  ['malformed', breaking(['One', ' two'], aSignal({ kind: 'malformed', phase: 'in-stream' }))],
  ['stalled', { events: textEvents(['One', ' two']).slice(0, -1), hangs: 'after-events' }],
  [
    'ended by an exception',
    breaking(['One', ' two'], aSignal({ errorName: 'throttlingException', phase: 'in-stream' })),
  ],
];

describe('a stream that is to be resumed', () => {
  it.each(breaks)('goes on with the next target when it is %s', async (_, script) => {
    const { chat, invoker, records } = await world();
    invoker.script(east.id, script);
    invoker.script(west.id, answering([' three', ' four'], usageOf(9, 2)));
    const response = await chat({ stream: true, stream_options: { include_usage: true } }, wanted);
    const text = await response.text();
    expect(contentOf(text)).toBe('One two three four');
    expect(text).toContain('[DONE]');
    expect(text).toContain(`"spillway":{"resumed":{"target":"${west.id}","region":"us-west-2"`);
    expect(text).toContain(`: spillway-resumed target=${west.id}`);
    expect(text).toContain('"prompt_tokens":16,"completion_tokens":4');
    expect(invoker.calls.map(({ target }) => target)).toEqual([east.id, west.id]);
    expect(records.map(({ outcome, target }) => [outcome, target])).toEqual([['resumed', west.id]]);
    expect(records[0]?.attempts.at(-1)?.outcome).toBe('answered');
    expect(records[0]?.attempts.at(0)?.outcome).not.toBe('answered');
  });

  it('shows the next target what was delivered, as it understands best', async () => {
    for (const [target, roles] of [
      [west, ['user', 'assistant']],
      [nova, ['user', 'assistant', 'user']],
    ] as const) {
      const { chat, invoker } = await world([east, { ...target, position: 1 }]);
      invoker.script(east.id, breaking(['One ', 'two ']));
      invoker.script(target.id, answering([' three']));
      const text = await (await chat({ stream: true, max_tokens: 50 }, wanted)).text();
      expect(contentOf(text)).toBe('One two three');
      const { messages, inference } = chatOf(invoker.calls[1]);
      expect(messages.map(({ role }) => role)).toEqual(roles);
      expect(messages[1]?.content).toEqual([{ text: 'One two' }]);
      expect(inference.maxTokens).toBe(48);
    }
  });

  it.each([
    ['/v1/messages', { max_tokens: 50 }, '"type":"ping","spillway":{"resumed":{"target"'],
    ['/v1/responses', {}, ': spillway-resumed target='],
    ['/model/chat-small/converse-stream', {}, '"additionalModelResponseFields":{"spillway":{"resumed":'],
  ])('says so at %s in what its clients pass over', async (path, changes, mark) => {
    const { post, invoker } = await world();
    invoker.script(east.id, breaking(['One', ' two']));
    invoker.script(west.id, answering([' three']));
    const converse = path.startsWith('/model/');
    const messages = [{ role: 'user', content: converse ? [{ text: 'Hello' }] : 'Hello' }];
    const body = path === '/v1/responses' ? { input: 'Hello' } : { messages };
    const named = converse ? body : { ...body, model: 'chat-small', stream: true };
    const response = await post(path, { ...named, ...changes }, wanted);
    const text = await response.text();
    expect([response.status, text.includes(mark), text.includes(' three')], text).toEqual([200, true, true]);
    expect(text).not.toContain('interrupted');
    expect(invoker.calls).toHaveLength(2);
  });

  it('goes on behind thoughts that have ended, and neither shows them to the next nor asks for more', async () => {
    const { post, invoker } = await world();
    invoker.script(east.id, {
      events: [
        { type: 'message-start' },
        { type: 'reasoning-delta', index: 0, text: 'Hm' },
        { type: 'reasoning-signature', index: 0, signature: 'proof' },
        { type: 'block-stop', index: 0 },
        { type: 'text-delta', index: 1, text: 'One' },
      ],
      failsInside: reset,
    });
    invoker.script(west.id, answering([' two']));
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    const messages = [{ role: 'user', content: 'Hello' }];
    const body = { model: 'chat-small', max_tokens: 2000, stream: true, thinking, messages };
    const text = await (await post('/v1/messages', body, wanted)).text();
    expect(text.match(/"thinking":"Hm"/g)).toHaveLength(1);
    expect(text.match(/"type":"content_block_start","index":\d/g)).toEqual([
      '"type":"content_block_start","index":0',
      '"type":"content_block_start","index":1',
    ]);
    expect([...text.matchAll(/"text":"([^"]+)"/g)].map((found) => found[1]).join('')).toBe('One two');
    expect(text.match(/event: message_stop/g)).toHaveLength(1);
    const { messages: shown, reasoning, inference } = chatOf(invoker.calls[1]);
    expect(JSON.stringify(shown)).not.toContain('Hm');
    expect([reasoning, inference.maxTokens]).toEqual([undefined, 1998]);
  });

  it('counts and charges both parts', async () => {
    const { chat, invoker, records } = await world();
    invoker.script(east.id, breaking(['One', ' two']));
    invoker.script(west.id, answering([' three'], usageOf(10, 3)));
    await (await chat({ stream: true }, wanted)).text();
    // 8 and 2 of the broken one by estimate, 10 and 3 of the other: at 0.06 and 0.24 USD per million.
    expect(records[0]).toMatchObject({ inputTokens: 18, outputTokens: 5 });
    expect(records[0]?.costPicoUsd).toBe(BigInt(18 * 60_000 + 5 * 240_000));
  });

  it('holds the residency: with no other lawful target it ends as ever', async () => {
    const { chat, invoker, records } = await world([east, outside]);
    invoker.script(east.id, breaking(['One']));
    const text = await (await chat({ stream: true }, wanted)).text();
    expect(text).toContain('stream_interrupted');
    expect(text).not.toContain('[DONE]');
    expect(invoker.calls.map(({ target }) => target)).toEqual([east.id]);
    expect(records.map(({ outcome }) => outcome)).toEqual(['stream_interrupted']);
    expect(records[0]?.attempts.map(({ outcome }) => outcome)).toEqual(['connection-reset']);
  });

  it('is resumed once: a second break ends it', async () => {
    const ohio = aTarget({ region: 'us-east-2', modelId: claude });
    const { chat, invoker } = await world([east, ohio, west]);
    for (const { id } of [east, ohio, west]) invoker.script(id, breaking(['x']));
    const text = await (await chat({ stream: true }, wanted)).text();
    expect([contentOf(text), text.includes('stream_interrupted')]).toEqual(['xx', true]);
    expect(invoker.calls).toHaveLength(2);
  });

  it('tries further targets before it goes on, and tells of each what it did', async () => {
    const ohio = aTarget({ region: 'us-east-2', modelId: claude });
    const { chat, invoker, records } = await world([east, ohio, west]);
    invoker.script(east.id, breaking(['One']));
    const second = [ohio, west].find(({ id }) => id !== east.id)?.id ?? '';
    invoker.script(second, { failsBefore: aSignal({ kind: 'connect' }) });
    const text = await (await chat({ stream: true }, wanted)).text();
    expect(text).toContain('[DONE]');
    expect(records[0]?.attempts.map(({ outcome }) => outcome)).toEqual([
      'connection-reset',
      'connect-failed',
      'answered',
    ]);
  });

  it('keeps the deadline of the whole request', async () => {
    const { chat, invoker, clock } = await world();
    invoker.script(east.id, { ...breaking(['One']), betweenMs: 400 });
    invoker.script(west.id, { hangs: 'before' });
    const startedMs = clock.monotonicMs();
    const response = await chat({ stream: true }, { ...wanted, 'x-spillway-deadline-ms': '2000' });
    expect(await response.text()).toContain('stream_interrupted');
    expect(clock.monotonicMs() - startedMs).toBeLessThanOrEqual(2000);
  });

  it('leaves nothing open when the caller goes while the next target is asked', async () => {
    const { chat, invoker, records } = await world([east, west], false);
    invoker.script(east.id, breaking(['One']));
    invoker.script(west.id, { hangs: 'before' });
    const caller = new AbortController();
    const response = await chat({ stream: true }, wanted, caller.signal);
    const reading = response.text().catch(() => 'gone');
    while (invoker.calls.length < 2) await new Promise(setImmediate);
    caller.abort();
    await reading;
    expect(invoker.calls.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(records.map(({ outcome }) => outcome)).toEqual(['cancelled']);
  });
});

describe('a stream that is not resumed', () => {
  const thought: ModelEvent = { type: 'reasoning-delta', index: 0, text: 'Hm' };
  const call: ModelEvent = { type: 'tool-use-start', index: 1, toolUseId: 'call-1', name: 'look' };
  const source: ModelEvent = { type: 'citation', index: 0, citation: { title: 'Far' } };
  const stop: ModelEvent = { type: 'message-stop', stopReason: 'guardrail_intervened' };

  it.each<readonly [string, readonly ModelEvent[]]>([
    ['a thought', [thought]],
    ['a thought that has ended, and no text yet', [thought, { type: 'block-stop', index: 0 }]],
    ['another thought behind its text', [...textEvents(['One']), { ...thought, index: 1 }]],
    ['a source', [...textEvents(['One']).slice(0, -1), source]],
    [
      'text behind a tool call',
      [...textEvents(['One']), call, { type: 'text-delta', index: 2, text: 'Two' }],
    ],
    ['a tool call', [...textEvents(['One']), call]],
    ['a safety stop', [...textEvents(['One']), stop]],
  ])('is one that showed %s', async (_, events) => {
    const { chat, invoker } = await world();
    invoker.script(east.id, { events, failsInside: reset });
    expect(await (await chat({ stream: true }, wanted)).text()).toContain('stream_interrupted');
    expect(invoker.calls).toHaveLength(1);
  });

  it('is one whose answer is JSON', async () => {
    const { chat, invoker } = await world();
    invoker.script(east.id, breaking(['{"a']));
    const body = { stream: true, response_format: { type: 'json_object' } };
    expect(await (await chat(body, wanted)).text()).toContain('stream_interrupted');
    expect(invoker.calls).toHaveLength(1);
  });

  it('is one whose sources are to be named', async () => {
    const { post, invoker } = await world();
    invoker.script(east.id, breaking(['One']));
    const source = { type: 'text', media_type: 'text/plain', data: 'Far.' };
    const content = [
      { type: 'document', source, citations: { enabled: true } },
      { type: 'text', text: 'Hello' },
    ];
    const body = { model: 'chat-small', max_tokens: 50, stream: true, messages: [{ role: 'user', content }] };
    expect(await (await post('/v1/messages', body, wanted)).text()).toContain('stream_interrupted');
    expect(invoker.calls).toHaveLength(1);
  });

  it('is one that the target refused as the caller’s fault', async () => {
    const { chat, invoker } = await world();
    const refusal = aSignal({ errorName: 'validationException', phase: 'in-stream', message: 'bad schema' });
    invoker.script(east.id, breaking(['One'], refusal));
    expect(await (await chat({ stream: true }, wanted)).text()).toContain('stream_interrupted');
    expect(invoker.calls).toHaveLength(1);
  });

  it('is every one whose caller did not ask for it', async () => {
    for (const [, script] of breaks) {
      const { chat, invoker } = await world();
      invoker.script(east.id, script);
      const text = await (await chat({ stream: true })).text();
      expect([text.includes('stream_interrupted'), text.includes('spillway-resumed')]).toEqual([true, false]);
      expect(invoker.calls).toHaveLength(1);
    }
  });

  it('is refused in the header where the word is another', async () => {
    const { chat, invoker } = await world();
    const response = await chat({ stream: true }, { 'x-spillway-resume': 'restart' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'x-spillway-resume' } });
    expect(invoker.calls).toEqual([]);
  });
});
