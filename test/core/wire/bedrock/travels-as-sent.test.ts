import { describe, expect, it } from 'vitest';
import type { ConverseMessage, ConverseRequestBody } from '#core/wire/bedrock/converse-request-body.ts';
import { converseTravelsAsSent } from '#core/wire/bedrock/travels-as-sent.ts';

const user: ConverseMessage = { role: 'user', content: [{ text: 'go' }] };
const calling = (input?: unknown): ConverseMessage => ({
  role: 'assistant',
  content: [{ toolUse: { toolUseId: 't', name: 'f', ...(input === undefined ? {} : { input }) } }],
});
const travels = (messages: readonly ConverseMessage[], more: Partial<ConverseRequestBody> = {}) =>
  converseTravelsAsSent({ messages, ...more });

describe('a Converse body', () => {
  it('travels as it was sent', () => {
    expect(travels([user])).toBe(true);
    expect(travels([user, calling({}), user], { outputConfig: { effort: 'low' } })).toBe(true);
    const jsonSchema = { schema: '{"type":"object"}' };
    expect(travels([user], { outputConfig: { textFormat: { structure: { jsonSchema } } } })).toBe(true);
  });

  it('does not where Bedrock would refuse it', () => {
    expect(travels([user, user])).toBe(false);
    expect(travels([user, calling()])).toBe(false);
  });
});
