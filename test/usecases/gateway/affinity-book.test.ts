import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createCryptoConversationHasher } from '#adapters/system/crypto-conversation-hasher.ts';
import { needsOf } from '#core/call/work.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';
import { aStartedGateway, type GatewayOptions } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { answering, aSignal, textEvents } from '#test/builders/scripted-invoker.ts';
import { createAffinityBook } from '#usecases/gateway/affinity-book.ts';
import type { Placement } from '#usecases/gateway/stage.ts';
import type { ConversationHasher } from '#usecases/ports/conversation-hasher.ts';

const east = aTarget();
const ohio = aTarget({ region: 'us-east-2' });
const west = aTarget({ region: 'us-west-2' });
const throttled = {
  failsBefore: aSignal({ errorName: 'ThrottlingException', httpStatus: 429, retryAfterMs: 1000 }),
};

/** Hashes as the product does, and keeps what it was given. */
function countingHasher(): ConversationHasher & { readonly texts: string[] } {
  const hasher = createCryptoConversationHasher();
  const texts: string[] = [];
  return {
    texts,
    begin: (text) => {
      texts.push(text);
      return hasher.begin(text);
    },
    extend: (link, text) => {
      texts.push(text);
      return hasher.extend(link, text);
    },
  };
}

const marked = (text: string, mark: object = {}) => ({
  type: 'text',
  text,
  cache_control: { type: 'ephemeral', ...mark },
});
/** One turn of a conversation whose last part is marked, as Anthropic's clients move their mark on. */
const turn = (texts: readonly string[], mark: object = {}) => ({
  model: 'chat-small',
  max_tokens: 50,
  messages: texts.map((text, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: index === texts.length - 1 ? [marked(text, mark)] : text,
  })),
});
const turns = [['Why?'], ['Why?', 'So.', 'And?'], ['Why?', 'So.', 'And?', 'Thus.', 'Then?']] as const;

async function world(overrides: GatewayOptions['overrides'] = {}) {
  const conversations = countingHasher();
  const made = await aStartedGateway([east, ohio, west], { overrides: { conversations, ...overrides } });
  const ask = async (path: string, body: object, headers = {}) => {
    const answer = await made.post(path, body, headers);
    await answer.text();
    return answer.headers.get('x-spillway-target');
  };
  /** One answer from elsewhere than the nearest region, and the nearest is well again. */
  const awayFromHome = async (path: string, body: object) => {
    made.invoker.script(east.id, throttled, answering());
    const served = await ask(path, body);
    made.clock.advance(2000);
    expect(served).not.toBe(east.id);
    return served;
  };
  return { ...made, ask, awayFromHome, hashed: conversations.texts };
}

describe('a conversation whose caller sets cache points', () => {
  it('stays where it was served last, also as its points move on', async () => {
    const { ask, awayFromHome } = await world();
    const served = await awayFromHome('/v1/messages', turn(turns[0]));
    for (const each of [turns[1], turns[2]]) expect(await ask('/v1/messages', turn(each))).toBe(served);
    expect(await ask('/v1/messages', turn(['Another?']))).toBe(east.id);
  });

  it('moves when that region is throttled, and stays where it went', async () => {
    const { ask, invoker } = await world();
    expect(await ask('/v1/messages', turn(turns[0]))).toBe(east.id);
    invoker.script(east.id, throttled, answering());
    const moved = await ask('/v1/messages', turn(turns[1]));
    expect(moved).not.toBe(east.id);
    expect(await ask('/v1/messages', turn(turns[2]))).toBe(moved);
  });

  it.each([
    ['five minutes', {}, 300_000],
    ['an hour where its point says so', { ttl: '1h' }, 3_600_000],
  ])('is remembered for %s after its last turn', async (_, mark, keptMs) => {
    const { ask, awayFromHome, clock } = await world();
    const served = await awayFromHome('/v1/messages', turn(turns[0], mark));
    clock.advance(keptMs - 10_000);
    expect(await ask('/v1/messages', turn(turns[1], mark))).toBe(served);
    clock.advance(keptMs - 1);
    expect(await ask('/v1/messages', turn(turns[2], mark))).toBe(served);
    clock.advance(keptMs);
    expect(await ask('/v1/messages', turn(turns[2], mark))).toBe(east.id);
  });

  it('is no other tenant’s, though it says the same', async () => {
    const { ask, awayFromHome } = await world({
      tenants: {
        identify: async (key) => ({
          name: key,
          residencies: ['us'],
          defaultResidency: 'us',
          models: ['*'],
        }),
      },
    });
    const served = await awayFromHome('/v1/messages', turn(turns[0]));
    const other = { authorization: 'Bearer sk-other' };
    expect(await ask('/v1/messages', turn(turns[1]), other)).toBe(east.id);
    expect(await ask('/v1/messages', turn(turns[1]))).toBe(served);
  });

  it('is told in the scores of explain, which learns nothing by itself', async () => {
    const { post, awayFromHome } = await world();
    const served = await awayFromHome('/v1/messages', turn(turns[0]));
    const affinityOf = async (texts: readonly string[]) => {
      const answer = await post('/spillway/v1/explain?for=/v1/messages', turn(texts));
      const { scored } = (await answer.json()) as {
        scored: { by: string; target: string; scoreBps: number }[];
      };
      return scored
        .filter(({ by, scoreBps }) => by === 'affinity' && scoreBps > 0)
        .map(({ target }) => target);
    };
    expect(await affinityOf(turns[1])).toEqual([served]);
    expect(await affinityOf(['Another?'])).toEqual([]);
    expect(await affinityOf(['Another?'])).toEqual([]);
  });

  it('leaves no hash and no text in a log line', async () => {
    const { ask, lines, records } = await world();
    await ask('/v1/messages', turn(['A word that is a secret']));
    expect(records).toHaveLength(1);
    expect(inspect([lines, records], { depth: 9 })).not.toMatch(/secret|'[\w-]{43}'/);
  });
});

describe('the marks of one conversation', () => {
  it('are others for every tenant, residency and model', () => {
    const book = createAffinityBook(createCryptoConversationHasher());
    const marksOf = ([tenant, residency, model]: readonly [string, string, string]) => {
      const request = aChatRequest({
        model,
        system: [{ text: 'Be short.' }, { cachePoint: {} }],
        promptCacheKey: 'room-1',
      });
      const work = { kind: 'chat', request, stream: false } as const;
      const call = { work, needs: needsOf(work) };
      const placement = { tenant: { name: tenant }, policy: { name: residency } } as unknown as Placement;
      return (book.marksOf(placement, call) ?? []).map(({ hash }) => hash);
    };
    const asked = ['a', 'b', 'a"'].flatMap((tenant) =>
      ['us', 'eu'].flatMap((residency) =>
        ['chat-small', 'chat-large'].map((model) => [tenant, residency, model] as const),
      ),
    );
    const marks = asked.flatMap(marksOf);
    expect(marks).toHaveLength(2 * asked.length);
    expect(new Set(marks).size).toBe(marks.length);
    expect(asked.flatMap(marksOf)).toEqual(marks);
  });
});

describe('a call without any sign of caching', () => {
  it('is never hashed, and goes to the nearest as ever', async () => {
    const { chat, ask, awayFromHome, hashed } = await world();
    const plain = { model: 'chat-small', messages: [{ role: 'user', content: 'Why?' }], user: 'one' };
    await awayFromHome('/v1/chat/completions', plain);
    expect(await ask('/v1/chat/completions', plain)).toBe(east.id);
    await chat();
    expect(hashed).toEqual([]);
  });
});

describe('a prompt_cache_key', () => {
  const chatBody = { model: 'chat-small', messages: [{ role: 'user', content: 'Why?' }] };
  const responsesBody = { model: 'chat-small', input: 'Why?' };

  it.each([
    ['/v1/chat/completions', chatBody],
    ['/v1/responses', responsesBody],
  ])('keeps calls of %s together, and says nothing of those with another', async (path, body) => {
    const { ask, awayFromHome } = await world();
    const served = await awayFromHome(path, { ...body, prompt_cache_key: 'room-1' });
    expect(await ask(path, { ...body, prompt_cache_key: 'room-1' })).toBe(served);
    expect(await ask(path, { ...body, prompt_cache_key: 'room-2' })).toBe(east.id);
    expect(await ask(path, body)).toBe(east.id);
  });
});

describe('what is remembered', () => {
  it('is nothing of an answer that a target gave without the cache points', async () => {
    const { ask, awayFromHome, invoker } = await world();
    const refusal = aSignal({
      errorName: 'ValidationException',
      httpStatus: 400,
      message: 'extraneous key [cachePoint] is not permitted',
    });
    for (const { id } of [ohio, west]) invoker.script(id, { failsBefore: refusal }, answering());
    await awayFromHome('/v1/messages', turn(turns[0]));
    expect(await ask('/v1/messages', turn(turns[1]))).toBe(east.id);
  });

  it('is nothing of an answer that broke off', async () => {
    const { ask, awayFromHome, invoker } = await world();
    const broken = {
      events: textEvents(['Half']),
      failsInside: aSignal({ kind: 'reset', phase: 'in-stream' }),
    };
    for (const { id } of [ohio, west]) invoker.script(id, broken, answering());
    await awayFromHome('/v1/messages', { ...turn(turns[0]), stream: true });
    expect(await ask('/v1/messages', turn(turns[1]))).toBe(east.id);
  });

  it.each([
    ['answered', {}, undefined, true],
    ['resumed', {}, undefined, true],
    ['answered', { dropped: ['prompt-caching' as const] }, undefined, false],
    ['answered', { dropped: ['strict-tools' as const] }, undefined, true],
    ['stream_interrupted', {}, { inputTokens: 1, outputTokens: 1 }, false],
    ['stream_interrupted', {}, { inputTokens: 1, outputTokens: 1, cacheWriteInputTokens: 9 }, true],
    ['cancelled', {}, { inputTokens: 1, outputTokens: 1, cacheReadInputTokens: 9 }, true],
  ])('of a call that ended as %s (%o, %o): %s', (outcome, changes, usage, remembered) => {
    const book = createAffinityBook(createCryptoConversationHasher());
    const marks = [{ hash: 'a', keptMs: 1000 }];
    const candidate = { ...aCandidate(), ...changes };
    book.ended(marks, { candidate, outcome, usage }, 0);
    expect(book.lastServedBy(marks, 999)).toBe(remembered ? candidate.target.id : undefined);
    expect(book.lastServedBy(marks, 1000)).toBeUndefined();
  });

  it('is bounded: the oldest beginnings go', () => {
    const book = createAffinityBook(createCryptoConversationHasher());
    const ending = { outcome: 'answered', candidate: aCandidate() };
    const mark = (index: number) => [{ hash: String(index), keptMs: 1000 }];
    for (let index = 0; index <= 20_000; index += 1) book.ended(mark(index), ending, 0);
    expect([0, 1, 20_000].map((index) => book.lastServedBy(mark(index), 1))).toEqual([
      undefined,
      aCandidate().target.id,
      aCandidate().target.id,
    ]);
  });
});
