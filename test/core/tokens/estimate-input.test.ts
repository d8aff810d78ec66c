import { describe, expect, it } from 'vitest';
import { estimateInput } from '#core/tokens/estimate-input.ts';
import { measureWork } from '#core/tokens/measure-work.ts';
import { tokenFamilyOf } from '#core/tokens/token-family.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';

describe('the input of a call', () => {
  const tokens = (request: Parameters<typeof aChatRequest>[0], modelId = 'any') =>
    estimateInput(
      measureWork({ kind: 'chat', request: aChatRequest(request), stream: false }),
      tokenFamilyOf(modelId),
    );
  const png = (width: number, height: number) => {
    const head = Buffer.alloc(24);
    head.writeUInt32BE(width, 16);
    head.writeUInt32BE(height, 20);
    return { image: { format: 'png', bytesBase64: head.toString('base64') } } as const;
  };
  const withImage = (width: number, height: number, modelId?: string) =>
    tokens({ messages: [{ role: 'user', content: [{ text: 'What?' }, png(width, height)] }] }, modelId) -
    tokens({ messages: [{ role: 'user', content: [{ text: 'What?' }] }] }, modelId);

  it('has an image by its pixels, scaled down as the model does', () => {
    expect(withImage(750, 750)).toBe(750);
    expect(withImage(8_000, 2_000, 'anthropic.claude-sonnet-4-6')).toBe(820);
    expect(withImage(4_000, 4_000, 'anthropic.claude-sonnet-4-6')).toBe(1_600);
    expect(withImage(4_000, 4_000, 'anthropic.claude-opus-4-8')).toBe(4_784);
  });

  it('has the tools, and the words of the template around each turn', () => {
    const plain = tokens({});
    const specification = {
      name: 'find',
      description: 'Finds a place by its name.',
      inputSchema: { type: 'object' },
    };
    const tooled = tokens({ tools: { specifications: [specification], choice: { kind: 'auto' } } });
    expect(tooled - plain).toBeGreaterThan(20);
    expect(plain).toBeGreaterThan(4);
  });
});
