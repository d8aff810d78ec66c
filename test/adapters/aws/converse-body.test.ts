import { describe, expect, it } from 'vitest';
import { converseBody } from '#adapters/aws/converse-body.ts';
import { chatRequest } from '#test/builders/model-call.ts';

describe('converseBody', () => {
  it('always bounds the output, and leaves out what the caller left out', () => {
    expect(JSON.parse(converseBody(chatRequest(), 5))).toEqual({
      messages: [{ role: 'user', content: [{ text: 'hello' }] }],
      inferenceConfig: { maxTokens: 5 },
    });
  });

  it("sends the gateway's bound, not the caller's", () => {
    const body = JSON.parse(
      converseBody(chatRequest({ inference: { maxTokens: 9_999, temperature: 0 } }), 5),
    );
    expect(body.inferenceConfig).toEqual({ maxTokens: 5, temperature: 0 });
  });

  it.each([
    [{ kind: 'auto' }, { auto: {} }],
    [{ kind: 'any' }, { any: {} }],
    [{ kind: 'tool', name: 'weather' }, { tool: { name: 'weather' } }],
  ] as const)('spells the tool choice %j as Converse does', (choice, wire) => {
    const tools = { specifications: [{ name: 'weather', description: 'tells', inputSchema: {} }], choice };
    const body = JSON.parse(converseBody(chatRequest({ tools }), 5));
    expect(body.toolConfig.toolChoice).toEqual(wire);
    expect(body.toolConfig.tools[0].toolSpec).toEqual({
      name: 'weather',
      description: 'tells',
      inputSchema: { json: {} },
    });
  });
});
