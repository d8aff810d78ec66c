import { expect, it } from 'vitest';
import { withoutStrictTools } from '#core/chat/without-strict-tools.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';

const look = { name: 'look', description: 'Looks.', inputSchema: { type: 'object' }, cachePoint: {} };
const choice = { kind: 'tool', name: 'look' } as const;

it.each([true, false])(
  'leaves strict out of every tool, whatever it says (%s), and nothing else',
  (strict) => {
    const asked = aChatRequest({ tools: { specifications: [{ ...look, strict }, look], choice } });
    expect(withoutStrictTools(asked)).toStrictEqual({
      ...asked,
      tools: { specifications: [look, look], choice },
    });
  },
);

it('leaves a chat without tools as it is', () => {
  const asked = aChatRequest({});
  expect(withoutStrictTools(asked)).toBe(asked);
});
