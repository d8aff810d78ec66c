import { describe, expect, it } from 'vitest';
import { checkModelFields } from '#core/wire/bedrock/check-model-fields.ts';

function violations(fields: Readonly<Record<string, unknown>>): readonly string[] {
  const found: string[] = [];
  checkModelFields(fields, (path, message) => found.push(`${path}: ${message}`));
  return found;
}

describe('fields that only the model knows', () => {
  it('lets through what stays with the model', () => {
    expect(violations({ top_k: 5, anthropic_beta: ['computer-use-2025-01-24'], tools: [] })).toEqual([]);
    const types = ['custom', 'function', 'bash_20250124', 'computer_20250124', 'text_editor_20250728'];
    expect(violations({ tools: [{ name: 'mine' }, ...types.map((type) => ({ type }))] })).toEqual([]);
    checkModelFields(undefined, () => expect.unreachable());
  });

  it.each([
    'mcp_servers',
    'MCP_Servers',
    'container',
    'inference_geo',
    'web_search_options',
    'amazon-bedrock-guardrailConfig',
    'Amazon-Bedrock-Trace',
  ])('refuses %s, which could leave the residency', (key) => {
    expect(violations({ top_k: 5, [key]: {} })).toEqual([
      expect.stringMatching(`^additionalModelRequestFields\\.${key}: is not supported: `),
    ]);
  });

  it.each([
    'web_search_20250305',
    'web_fetch_20250910',
    'code_execution_20250825',
    'mcp_toolset',
    'mcp',
    'web_search',
    'computer_20250124_x',
    7,
    null,
  ])('refuses a tool of type %j, which the provider may run', (type) => {
    expect(violations({ tools: [{ type: 'custom' }, { type, name: 'far' }] })).toEqual([
      'additionalModelRequestFields.tools[1].type: is not supported: a tool that the provider runs may carry the prompt to places that no residency bounds',
    ]);
    expect(violations({ tools: { type } })).toHaveLength(1);
  });
});
