import { describe, expect, it } from 'vitest';
import { refuseFeatures } from '#local/services/bedrock-runtime/refuse-features.ts';

const user = (...content: readonly object[]) => ({ role: 'user' as const, content });
const plain = { modelId: 'a', messages: [user({ text: 'Hello' })] };
const toolConfig = { tools: [{ toolSpec: { name: 'look', inputSchema: { json: {} } } }] };

/** Each row: the feature, a request that has it, and words of the refusal. */
const rows: readonly (readonly [string, object, string])[] = [
  ['tools', { toolConfig }, 'tool use'],
  ['streaming-tools', { toolConfig }, 'in streaming mode'],
  ['tool-choice', { toolConfig: { ...toolConfig, toolChoice: { any: {} } } }, 'toolConfig.toolChoice'],
  [
    'strict-tools',
    { toolConfig: { tools: [{ toolSpec: { name: 'look', strict: true } }] } },
    'custom.strict',
  ],
  ['parallel-tools', { messages: [user({ toolUse: {} }, { toolUse: {} })] }, 'single tool-calls'],
  ['system-prompts', { system: [{ text: 'Be short.' }] }, 'system messages'],
  ['documents', { messages: [user({ document: {} })] }, 'document field'],
  ['images', { messages: [user({ image: {} })] }, 'image content block'],
  ['prompt-caching', { messages: [user({ cachePoint: {} })] }, 'prompt caching'],
  ['assistant-prefix', { messages: [user({ text: 'a' }), { role: 'assistant', content: [] }] }, 'prefill'],
];

describe('a model that refuses', () => {
  it.each(rows)('%s says so of requests that have it, and of no others', (feature, changes, words) => {
    const asked = { ...plain, ...changes } as Parameters<typeof refuseFeatures>[0];
    expect(() => refuseFeatures(asked, [feature], 'ConverseStream')).toThrow(words);
    expect(() => refuseFeatures(asked, [], 'ConverseStream')).not.toThrow();
    expect(() => refuseFeatures(plain as never, [feature], 'ConverseStream')).not.toThrow();
  });

  it('tools in streams alone takes them in whole answers', () => {
    const asked = { ...plain, toolConfig } as Parameters<typeof refuseFeatures>[0];
    expect(() => refuseFeatures(asked, ['streaming-tools'], 'Converse')).not.toThrow();
  });
});
