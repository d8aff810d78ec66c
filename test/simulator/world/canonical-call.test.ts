import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallerView } from '#simulator/world/caller-view.ts';
import { CHARACTERS_PER_TOKEN, canonicalCall, PromptShelf } from '#simulator/world/canonical-call.ts';
import type { SimulatedRequest } from '#simulator/world/simulated-request.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { aSimulatedRequest } from '#test/builders/judged-history.ts';
import { openAiChat } from '#usecases/gateway/dialects/openai-chat.ts';
import { ingress } from '#usecases/gateway/ingress.ts';

const config = acmeConfig();
const tenant = { name: 'demo', residencies: ['us'], models: ['*'] };

function called(changes: Partial<SimulatedRequest> = {}, shelf = new PromptShelf()) {
  const asked = aSimulatedRequest(changes);
  const modelConfig = config.models[asked.model];
  if (modelConfig === undefined) throw new Error(`there is no ${asked.model}`);
  const call = canonicalCall(asked, { shelf, modelConfig, writer: new CallerView(() => 0) });
  if (call.work.kind !== 'chat') throw new Error('not a chat');
  const [message] = call.work.request.messages;
  const [content] = message?.content ?? [];
  if (message === undefined || content === undefined || !('text' in content)) throw new Error('no text');
  return { asked, call, request: call.work.request, message, text: content.text };
}

/** The same chat, come to the shipped ingress in OpenAI's format. */
async function entered({ asked, text }: ReturnType<typeof called>) {
  const body = {
    model: asked.model,
    messages: [{ role: 'user', content: text }],
    stream: asked.streamed,
    max_tokens: asked.maxTokens,
  };
  const headers = {
    'x-spillway-lane': asked.lane,
    ...(asked.traceparent && { traceparent: asked.traceparent }),
  };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const request = new Request('https://gateway.example/v1/chat/completions', init);
  const dialect = { ...openAiChat, load: async () => undefined };
  const staged = await ingress(config, { request, tenant, dialect, path: {} });
  if (!staged.ok) throw new Error(staged.refusal.message);
  return staged.value;
}

describe('a canonical call', () => {
  it.each<Partial<SimulatedRequest>>([
    { inputTokens: 1, streamed: false },
    { inputTokens: 3_000, streamed: true, maxTokens: 77 },
    {
      inputTokens: 20_000,
      model: 'chat-large',
      lane: 'interactive',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    },
  ])('is what ingress makes of the same chat: %j', async (changes) => {
    const mine = called(changes);
    const { work, needs, modelConfig, options, origin } = await entered(mine);
    const { work: _, ...rest } = mine.call;
    expect(rest).toEqual({ needs, modelConfig, origin, options });
    expect(work).toMatchObject({ kind: 'chat', request: mine.request, stream: mine.asked.streamed });
  });

  it('needs what its own text needs, whoever asked for that length before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ inputTokens: fc.integer({ min: 1, max: 2_000 }), streamed: fc.boolean() }), {
          minLength: 1,
          maxLength: 20,
        }),
        (asked) => {
          const shelf = new PromptShelf();
          for (const each of asked) {
            const alone = called(each);
            expect(called(each, shelf).call.needs).toEqual(alone.call.needs);
            expect(alone.call.needs).toMatchObject({ streaming: each.streamed });
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('has a prompt of its tokens, rounded up to the next of few lengths', () => {
    for (const [inputTokens, tokens] of [
      [1, 64],
      [64, 64],
      [65, 128],
      [3_000, 3_008],
    ] as const)
      expect(called({ inputTokens }).text).toHaveLength(tokens * CHARACTERS_PER_TOKEN);
  });

  it('shares its text with all calls of that length and its message with none', () => {
    const shelf = new PromptShelf();
    const [one, other] = [called({ inputTokens: 70 }, shelf), called({ inputTokens: 128 }, shelf)];
    expect(other.message.content).toBe(one.message.content);
    expect(other.call.needs).toBe(one.call.needs);
    expect(other.message).not.toBe(one.message);
    expect(called({ inputTokens: 129 }, shelf).message.content).not.toBe(one.message.content);
    expect(called({ inputTokens: 70, streamed: false }, shelf).call.needs).not.toBe(one.call.needs);
  });

  it('carries the caller’s deadline, lane and chain', () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const { call } = called({ deadlineMs: 700, lane: 'bulk', traceparent });
    expect(call.options).toMatchObject({ deadlineMs: 700, lane: 'bulk', laneNamed: true, traceparent });
  });
});
