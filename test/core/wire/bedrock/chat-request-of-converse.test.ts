import { describe, expect, it } from 'vitest';
import { chatRequestOfConverse } from '#core/wire/bedrock/chat-request-of-converse.ts';
import type { ConverseRequestBody } from '#core/wire/bedrock/converse-request-body.ts';

const hello = { role: 'user', content: [{ text: 'hello' }] } as const;

function translated(changes: Partial<ConverseRequestBody> = {}) {
  return chatRequestOfConverse({ messages: [hello], ...changes }, 'chat-large');
}

function good(changes: Partial<ConverseRequestBody> = {}) {
  const result = translated(changes);
  if (!result.ok) throw new Error(JSON.stringify(result.violations));
  return result.request;
}

function violations(changes: Partial<ConverseRequestBody>) {
  const result = translated(changes);
  return result.ok ? [] : result.violations.map(({ path, message }) => `${path}: ${message}`);
}

describe('a Converse request', () => {
  it('is for the model of the path, with nothing added', () => {
    expect(good()).toEqual({
      model: 'chat-large',
      system: [],
      tellsMalformedStop: true,
      messages: [{ role: 'user', content: [{ text: 'hello' }] }],
      inference: {},
    });
  });

  it('joins neighbours of one role, and goes on where the assistant ended', () => {
    const said = { role: 'assistant', content: [{ text: 'The tide' }] } as const;
    const request = good({ messages: [hello, hello, said] });
    expect(request.messages.map(({ role, content }) => [role, content.length])).toEqual([
      ['user', 2],
      ['assistant', 1],
    ]);
    expect(request.continuesAssistant).toBe(true);
    expect(good().continuesAssistant).toBeUndefined();
  });

  it('asks for a JSON answer by the schema that it holds as text', () => {
    const schema = { type: 'object', properties: { title: { type: 'string' } } };
    const format = (text: string, more = {}) => ({
      outputConfig: { textFormat: { structure: { jsonSchema: { schema: text, ...more } } } },
    });
    expect(good(format(JSON.stringify(schema))).responseFormat).toEqual({
      kind: 'json-schema',
      name: 'answer',
      schema,
    });
    const described = format(JSON.stringify(schema), { name: 'film', description: 'A film.' });
    expect(good(described).responseFormat).toMatchObject({ name: 'film', description: 'A film.' });
    for (const text of ['{', '[]', '{"type":"array"}', 'null', `${'['.repeat(9999)}`]) {
      expect(violations(format(text))[0]).toMatch(
        /^outputConfig\.textFormat\.structure\.jsonSchema\.schema: /,
      );
    }
  });

  it('keeps what only Bedrock has apart, and all of it', () => {
    const request = good({
      additionalModelRequestFields: { top_k: 5 },
      additionalModelResponseFieldPaths: ['/stop_sequence'],
      serviceTier: { type: 'flex' },
      performanceConfig: { latency: 'optimized' },
      outputConfig: { effort: 'high' },
      requestMetadata: { team: 'north' },
      guardrailConfig: { guardrailIdentifier: 'g1', guardrailVersion: '2', trace: 'enabled' },
    });
    expect(request.bedrock).toEqual({
      additionalModelRequestFields: { top_k: 5 },
      additionalModelResponseFieldPaths: ['/stop_sequence'],
      serviceTier: 'flex',
      performanceLatency: 'optimized',
      effort: 'high',
      requestMetadata: { team: 'north' },
      guardrail: { identifier: 'g1', version: '2', trace: 'enabled' },
    });
  });

  it('knows a budget for thoughts by its one spelling, and hands on every other', () => {
    const asked = (thinking: unknown, more = {}) =>
      good({ additionalModelRequestFields: { thinking, ...more } });
    const enabled = { type: 'enabled', budget_tokens: 1024 };
    expect(asked(enabled)).toMatchObject({ reasoning: { budgetTokens: 1024 } });
    expect(asked(enabled).bedrock).toBeUndefined();
    expect(asked(enabled, { top_k: 5 }).bedrock?.additionalModelRequestFields).toEqual({ top_k: 5 });
    for (const other of [
      { type: 'adaptive' },
      { ...enabled, display: 'omitted' },
      { ...enabled, budget_tokens: '1024' },
      null,
    ]) {
      expect(asked(other).reasoning).toBeUndefined();
      expect(asked(other).bedrock?.additionalModelRequestFields).toEqual({ thinking: other });
    }
  });

  it('says all that is wrong at once', () => {
    expect(
      violations({
        messages: [{ role: 'assistant', content: [{ text: 'I begin' }] }],
        additionalModelRequestFields: {
          mcp_servers: [{ url: 'https://far.example' }],
          'amazon-bedrock-guardrailConfig': {},
        },
        toolConfig: { tools: [{ cachePoint: { type: 'default' } }] },
      }),
    ).toEqual([
      'messages[0].role: must be user: the user speaks first',
      'toolConfig.tools[0].cachePoint: must stand behind a toolSpec of its own',
      'toolConfig.tools: must hold at least one toolSpec',
      'additionalModelRequestFields.mcp_servers: is not supported: a server elsewhere would leave the residency',
      'additionalModelRequestFields.amazon-bedrock-guardrailConfig: is not supported: guardrails stand in guardrailConfig',
    ]);
  });
});
