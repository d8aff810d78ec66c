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

  it.each([
    [{ kind: 'none' }, false, { type: 'none' }],
    [{ kind: 'auto' }, true, { type: 'auto', disable_parallel_tool_use: true }],
    [{ kind: 'any' }, true, { type: 'any', disable_parallel_tool_use: true }],
    [
      { kind: 'tool', name: 'weather' },
      true,
      { type: 'tool', name: 'weather', disable_parallel_tool_use: true },
    ],
  ] as const)(
    'spells the tool choice %j, at most one call: %s, as Anthropic does alone',
    (choice, singleToolCall, wire) => {
      const tools = { specifications: [{ name: 'weather', inputSchema: {} }], choice };
      const body = JSON.parse(converseBody(chatRequest({ tools, anthropic: { singleToolCall } }), 5));
      expect(body.additionalModelRequestFields).toEqual({ tool_choice: wire });
      // Bedrock refuses two choices in one call.
      expect(body.toolConfig).not.toHaveProperty('toolChoice');
    },
  );

  it('spells every kind of block as Converse does', () => {
    const request = chatRequest({
      system: [{ text: 'be brief' }, { cachePoint: { ttl: '1h' } }],
      messages: [
        {
          role: 'user',
          content: [
            { document: { format: 'pdf', name: 'a', source: { bytesBase64: 'AA==' }, citations: true } },
            { cachePoint: {} },
          ],
        },
        {
          role: 'assistant',
          content: [
            { reasoning: { text: 'hm', signature: 'abc' } },
            { reasoning: { redactedBase64: 'AAE=' } },
            { toolUse: { toolUseId: 't', name: 'look', input: {} } },
          ],
        },
        {
          role: 'user',
          content: [
            {
              toolResult: {
                toolUseId: 't',
                content: [{ json: { sun: true } }, { image: { format: 'png', bytesBase64: 'AA==' } }],
              },
            },
          ],
        },
      ],
    });
    const { system, messages } = JSON.parse(converseBody(request, 5));
    expect(system).toEqual([{ text: 'be brief' }, { cachePoint: { type: 'default', ttl: '1h' } }]);
    expect(messages.map(({ content }: { content: unknown }) => content)).toEqual([
      [
        { document: { format: 'pdf', name: 'a', source: { bytes: 'AA==' }, citations: { enabled: true } } },
        { cachePoint: { type: 'default' } },
      ],
      [
        { reasoningContent: { reasoningText: { text: 'hm', signature: 'abc' } } },
        { reasoningContent: { redactedContent: 'AAE=' } },
        { toolUse: { toolUseId: 't', name: 'look', input: {} } },
      ],
      [
        {
          toolResult: {
            toolUseId: 't',
            content: [{ json: { sun: true } }, { image: { format: 'png', source: { bytes: 'AA==' } } }],
          },
        },
      ],
    ]);
  });

  it('carries what only Anthropic’s models understand beside its own members', () => {
    const tools = {
      specifications: [{ name: 'look', inputSchema: {} }],
      choice: { kind: 'tool', name: 'look' },
    } as const;
    const anthropic = { topK: 5, betas: ['b'], singleToolCall: true };
    const body = JSON.parse(converseBody(chatRequest({ tools, anthropic }), 5));
    expect(body.additionalModelRequestFields).toEqual({
      top_k: 5,
      anthropic_beta: ['b'],
      tool_choice: { type: 'tool', name: 'look', disable_parallel_tool_use: true },
    });
    // Bedrock refuses a call with two choices.
    expect(body.toolConfig.toolChoice).toBeUndefined();
    const auto = JSON.parse(
      converseBody(chatRequest({ tools: { ...tools, choice: { kind: 'auto' } }, anthropic }), 5),
    );
    expect(auto.additionalModelRequestFields.tool_choice).toEqual({
      type: 'auto',
      disable_parallel_tool_use: true,
    });
  });

  it('lets a model of Anthropic’s decide how much it thinks', () => {
    const anthropic = { adaptiveThinking: { display: 'summarized' } } as const;
    expect(JSON.parse(converseBody(chatRequest({ anthropic }), 5)).additionalModelRequestFields).toEqual({
      thinking: { type: 'adaptive', display: 'summarized' },
    });
  });

  it('asks which sequence ended the answer, once, where that is wanted', () => {
    const pathsOf = (...asked: string[]) =>
      JSON.parse(
        converseBody(
          chatRequest({ tellsStopSequence: true, bedrock: { additionalModelResponseFieldPaths: asked } }),
          5,
        ),
      ).additionalModelResponseFieldPaths;
    expect(pathsOf()).toEqual(['/stop_sequence']);
    expect(pathsOf('/a')).toEqual(['/a', '/stop_sequence']);
    expect(pathsOf('/stop_sequence')).toEqual(['/stop_sequence']);
  });

  it('carries what only Bedrock understands', () => {
    const request = chatRequest({
      reasoning: { budgetTokens: 1024 },
      bedrock: {
        additionalModelRequestFields: { top_k: 5 },
        additionalModelResponseFieldPaths: ['/stop_sequence'],
        serviceTier: 'flex',
        performanceLatency: 'optimized',
        requestMetadata: { team: 'blue' },
        guardrail: { identifier: 'g', version: '1', trace: 'enabled' },
      },
    });
    expect(JSON.parse(converseBody(request, 5))).toMatchObject({
      additionalModelRequestFields: { top_k: 5, thinking: { type: 'enabled', budget_tokens: 1024 } },
      additionalModelResponseFieldPaths: ['/stop_sequence'],
      serviceTier: { type: 'flex' },
      performanceConfig: { latency: 'optimized' },
      requestMetadata: { team: 'blue' },
      guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1', trace: 'enabled' },
    });
  });
});
