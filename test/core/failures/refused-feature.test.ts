import { describe, expect, it } from 'vitest';
import { featureRefusal, refusedFeature } from '#core/failures/refused-feature.ts';

/** In the words in which they were seen. */
const seen = [
  ['tools', "This model doesn't support tool use."],
  ['streaming-tools', "This model doesn't support tool use in streaming mode."],
  ['streaming', 'The model is unsupported for streaming.'],
  ['strict-tools', 'tools.0.custom.strict: Extra inputs are not permitted'],
  ['strict-tools', "This model doesn't support strict tool use."],
  ['tool-choice', "This model doesn't support the toolConfig.toolChoice.any field. Remove it and try again."],
  [
    'tool-choice',
    "This model doesn't support the toolConfig.toolChoice.tool field. Remove it and try again.",
  ],
  [
    'tool-choice',
    'The model returned the following errors: tool_choice: type "tool" and "any" are not supported for this model.',
  ],
  [
    'native-json',
    'The model returned the following errors: output_config.format: Extra inputs are not permitted',
  ],
  ['native-json', 'Malformed input request: #: extraneous key [outputConfig] is not permitted'],
  ['native-json', "This model doesn't support structured outputs."],
  ['native-json', "output_config.format.schema: For 'array' type, property 'maxItems' is not supported"],
  [
    'native-json',
    'The model returned the following errors: Schemas contains too many parameters with union types (20 parameters with type arrays or anyOf).',
  ],
  ['native-json', 'Schema is too complex.'],
  ['native-json', 'The compiled grammar is too large, which would cause performance issues.'],
  ['system-prompts', "This model doesn't support system messages. Try again without a system message."],
  ['prompt-caching', 'You invoked an unsupported model or your request did not allow prompt caching.'],
  [
    'prompt-caching',
    'Malformed input request: #/messages/6/content/0: extraneous key [cachePoint] is not permitted',
  ],
  ['prompt-caching', 'ValidationException: cachePoint is not supported by this model.'],
  ['prompt-caching', "The model doesn't support prompt caching."],
  ['prompt-caching', 'Prompt caching is currently not available for this model.'],
  ['parallel-tools', 'This model only supports single tool-calls at once!'],
  [
    'forbidden-tools',
    "tool_choice: Input tag 'none' found using 'type' does not match any of the expected tags: 'auto', 'any', 'tool'",
  ],
  ['documents', "This model doesn't support the document field for user messages."],
  ['images', "This model doesn't support the image content block that you provided."],
  ['videos', "This model doesn't support the video field for user messages."],
  [
    'assistant-prefix',
    'This model does not support assistant message prefill. The conversation must end with a user message.',
  ],
  [
    'assistant-prefix',
    'The model that you are using requires the last turn in the conversation to be a user message.',
  ],
  ['tools', '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'],
  ['system-prompts', 'System role not supported'],
  ['images', 'served-model is not a multimodal model'],
  ['images', 'At most 0 image(s) may be provided in one request.'],
] as const;

const others = [
  'output_config.effort: Input should be low, medium or high',
  'At most 4 cachePoint blocks are allowed.',
  'temperature must be at most 1',
  'Input is too long for requested model.',
  'Invocation of model ID x with on-demand throughput isn’t supported.',
  'The provided image does not match the specified image format.',
  'The toolConfig field must be defined when using toolUse and toolResult content blocks.',
  "This model doesn't support the image field for assistant messages.",
  'At most 10 image(s) may be provided in one request.',
];

describe('a refused feature', () => {
  it.each(seen)('%s is heard in "%s"', (feature, text) => {
    expect(refusedFeature(text)?.feature).toBe(feature);
    expect(featureRefusal.test(text)).toBe(true);
  });

  it.each(others)('is not heard in "%s"', (text) => {
    expect(refusedFeature(text)).toBeUndefined();
    expect(featureRefusal.test(text)).toBe(false);
  });
});
