import { describe, expect, it } from 'vitest';
import { bedrockConverseSchema, refusedConverseFields } from '#contract/bedrock-converse.ts';
import { bodyViolations } from '#contract/body-violations.ts';

const message = { role: 'user', content: [{ text: 'hello' }] };

function violations(changes: object): readonly string[] {
  const parsed = bedrockConverseSchema.safeParse({ messages: [message], ...changes });
  if (parsed.success) return [];
  return bodyViolations(parsed.error.issues, refusedConverseFields).map(
    ({ path, message: text }) => `${path}: ${text}`,
  );
}

const holding = (block: object) => ({ messages: [{ role: 'user', content: [block] }] });

describe('a Converse body', () => {
  it.each([
    [{}],
    [
      {
        system: [
          { text: 's' },
          { cachePoint: { type: 'default' } },
          { guardContent: { text: { text: 'g' } } },
        ],
      },
    ],
    [{ inferenceConfig: {}, requestMetadata: { team: 'north' }, performanceConfig: { latency: 'standard' } }],
    [
      {
        toolConfig: {
          tools: [{ toolSpec: { name: 't', inputSchema: { json: {} } } }],
          toolChoice: { any: {} },
        },
      },
    ],
    [holding({ toolUse: { toolUseId: 'a', name: 'b', input: null } })],
  ])('is taken as AWS writes it: %j', (changes) => {
    expect(violations(changes)).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    ['messages', { messages: [] }, /^messages: /],
    ['messages[0].role', { messages: [{ ...message, role: 'system' }] }, /instructions stand in system/],
    ['messages[0].content', { messages: [{ role: 'user', content: [] }] }, /^messages\[0\]\.content: /],
    ['messages[0].content[0]', holding({}), /exactly one of text, image, document, video, toolUse/],
    ['messages[0].content[0]', holding({ text: 'a', cachePoint: { type: 'default' } }), /exactly one of/],
    ['messages[0].content[0].surprise', holding({ surprise: 1 }), /is not known here; leave it out/],
    ['messages[0].content[0].toolUse.input', holding({ toolUse: { toolUseId: 'a', name: 'b' } }), /input: /],
    ['inferenceConfig.topK', { inferenceConfig: { topK: 1 } }, /is not known here/],
    ['inferenceConfig.temperature', { inferenceConfig: { temperature: 1.5 } }, /<=1/],
    [
      'guardrailConfig.guardrailVersion',
      { guardrailConfig: { guardrailIdentifier: 'g' } },
      /guardrailVersion/,
    ],
    ['toolConfig.tools', { toolConfig: { tools: [] } }, /^toolConfig\.tools/],
  ])('is told what is wrong at %s', (path, changes, sentence) => {
    const [first, ...others] = violations(changes);
    expect(others).toEqual([]);
    expect(first?.startsWith(`${path}: `)).toBe(true);
    expect(first).toMatch(sentence);
  });

  it('names every member that is known and refused, with the reason', () => {
    const s3Location = { uri: 's3://bucket/key' };
    expect(violations({ promptVariables: { a: { text: 'b' } }, modelId: 'chat' })).toEqual([
      'promptVariables: is not supported: prompts of prompt management lie in one account and region; send the messages themselves',
      'modelId: is not supported: the model is named in the path',
    ]);
    expect(violations(holding({ image: { format: 'png', source: { s3Location } } }))).toEqual([
      'messages[0].content[0].image.source.s3Location: is not supported: the bucket would be read wherever it lies; send bytes',
    ]);
    expect(violations(holding({ audio: { format: 'mp3', source: { bytes: 'AAAA' } } }))).toEqual([
      'messages[0].content[0].audio: is not supported: no target is known to hear through Converse',
    ]);
    expect(violations({ toolConfig: { tools: [{ systemTool: { name: 'nova_grounding' } }] } })[0]).toMatch(
      /^toolConfig\.tools\[0\]\.systemTool: is not supported: .*residency/,
    );
  });

  it('is told all that is wrong at once', () => {
    const content = [{ text: 1 }, { image: { format: 'bmp', source: { bytes: '!' } } }];
    const found = violations({ messages: [{ role: 'user', content }], inferenceConfig: { maxTokens: 0 } });
    expect(found.map((each) => each.split(': ')[0])).toEqual([
      'messages[0].content[0].text',
      'messages[0].content[1].image.format',
      'messages[0].content[1].image.source.bytes',
      'inferenceConfig.maxTokens',
    ]);
  });
});
