import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openAiChatSchema } from '#contract/openai-chat.ts';
import { plainOpenAiChat } from '#contract/plain-openai-chat.ts';

/** Values on both sides of every bound, of every type, and whatever JSON holds besides. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(
    ...[0, -0, 1, 2, -1, 0.5, 1.000_1, 2.000_1, 256, 100_000_000, 100_000_001, 2 ** 53, 1e21, Number.NaN],
    ...[Number.POSITIVE_INFINITY, '', 'x', 'x'.repeat(256), 'x'.repeat(257), true, false, null, undefined],
  ),
  fc.double(),
  fc.string({ unit: 'binary' }),
  fc.jsonValue(),
);
const role = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('user', 'system', 'assistant', 'developer') },
  fc.constantFrom<unknown>('tool', 'function', 'User', null),
);
const message = fc.oneof(
  { weight: 6, arbitrary: fc.record<Record<string, unknown>>({ role, content: fc.string() }) },
  fc.record<Record<string, unknown>>(
    { role, content: anything, name: anything, tool_calls: anything, refusal: anything, parsed: anything },
    { requiredKeys: ['role'] },
  ),
  anything,
);
const messages = fc.oneof({ weight: 8, arbitrary: fc.array(message, { maxLength: 4 }) }, anything);
const mostly = (arbitrary: fc.Arbitrary<unknown>) => fc.oneof({ weight: 4, arbitrary }, anything);
const bounds = {
  max_tokens: mostly(fc.integer({ min: 1, max: 100_000_000 })),
  max_completion_tokens: mostly(fc.nat()),
  temperature: mostly(fc.double({ min: 0, max: 2 })),
  top_p: mostly(fc.double({ min: 0, max: 1 })),
  stream: mostly(fc.boolean()),
};
const model = fc.oneof({ weight: 4, arbitrary: fc.constant('chat-small') }, anything);
const others = fc.dictionary(
  fc.constantFrom('n', 'stop', 'tools', 'constructor', '__proto__', 'x'),
  anything,
  {
    maxKeys: 1,
  },
);
const body = fc
  .tuple(
    fc.record({ model, messages, ...bounds }, { requiredKeys: ['model', 'messages'] }),
    others,
    fc.integer({ max: 3, min: 0 }),
  )
  .map(([known, more, chance]) => (chance === 0 ? { ...known, ...more } : known));

describe('the shape of most chats', () => {
  it('is never found in what the schema refuses, and is what the schema makes of it', () => {
    let plain = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: body }, anything), (asked) => {
        const found = plainOpenAiChat(asked);
        if (found === undefined) return;
        plain += 1;
        const parsed = openAiChatSchema.safeParse(asked);
        expect(parsed.error?.issues).toBeUndefined();
        expect(found).toEqual(parsed.data);
      }),
      { numRuns: 2_000 },
    );
    expect(plain).toBeGreaterThan(30);
  });

  it('is found in all that it is meant for', () => {
    const usual = fc.record(
      {
        model: fc.string({ minLength: 1, maxLength: 256 }),
        messages: fc.array(fc.record({ role: fc.constantFrom('user', 'system'), content: fc.string() }), {
          minLength: 1,
        }),
        max_tokens: fc.integer({ min: 1, max: 100_000_000 }),
        temperature: fc.double({ min: 0, max: 2, noNaN: true }),
        stream: fc.boolean(),
      },
      { requiredKeys: ['model', 'messages'] },
    );
    fc.assert(fc.property(usual, (asked) => plainOpenAiChat(asked) === asked));
  });

  it('has no message that is not there', () => {
    const messages = [{ role: 'user', content: 'x' }];
    messages[2] = { role: 'user', content: 'y' };
    expect(plainOpenAiChat({ model: 'm', messages })).toBeUndefined();
    expect(plainOpenAiChat({ model: 'm', messages: [] })).toBeUndefined();
  });
});
