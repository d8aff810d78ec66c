/** Models that turn out to lack what a call uses: said through the control API, refused in AWS's words. */
import type { ContentBlock, ConverseRequest } from '@aws-sdk/client-bedrock-runtime';
import { invalid } from './refusals.ts';

/** What a model can be told to refuse, and the sentence in which it does. */
const sentences = {
  tools: "This model doesn't support tool use.",
  'streaming-tools': "This model doesn't support tool use in streaming mode.",
  'tool-choice':
    "This model doesn't support the toolConfig.toolChoice.any field. Remove toolConfig.toolChoice.any and try again.",
  'strict-tools':
    'The model returned the following errors: tools.0.custom.strict: Extra inputs are not permitted',
  'native-json':
    'The model returned the following errors: output_config.format: Extra inputs are not permitted',
  'parallel-tools': 'This model only supports single tool-calls at once!',
  'system-prompts':
    "This model doesn't support system messages. Try again without a system message or use a model that supports system messages.",
  documents: "This model doesn't support the document field for user messages.",
  images:
    "This model doesn't support the image content block that you provided. Update the content block and try again.",
  'prompt-caching': 'You invoked an unsupported model or your request did not allow prompt caching.',
  'assistant-prefix':
    'This model does not support assistant message prefill. The conversation must end with a user message.',
} as const;

type RefusableFeature = keyof typeof sentences;

const refusableFeatures = Object.keys(sentences) as readonly RefusableFeature[];

/** @throws the first refusal that meets the request */
export function refuseFeatures(
  request: ConverseRequest,
  refuses: readonly string[],
  operation: string,
): void {
  const { toolConfig, outputConfig, system = [], messages = [] } = request;
  const blocks = messages.flatMap(({ content = [] }) => content);
  const has = (member: keyof ContentBlock) => blocks.some((block) => block[member] !== undefined);
  const tools = toolConfig !== undefined;
  const used: Record<RefusableFeature, boolean> = {
    tools,
    'streaming-tools': tools && operation === 'ConverseStream',
    'tool-choice': toolConfig?.toolChoice !== undefined && !('auto' in toolConfig.toolChoice),
    'strict-tools': toolConfig?.tools?.some(({ toolSpec }) => toolSpec?.strict === true) === true,
    'native-json': outputConfig?.textFormat !== undefined,
    'parallel-tools': messages.some(
      ({ content = [] }) => content.filter((block) => block.toolUse !== undefined).length > 1,
    ),
    'system-prompts': system.some((block) => block.text !== undefined),
    documents: has('document'),
    images: has('image'),
    'prompt-caching': has('cachePoint') || system.some((block) => block.cachePoint !== undefined),
    'assistant-prefix': messages.at(-1)?.role === 'assistant',
  };
  const refused = refusableFeatures.find((feature) => refuses.includes(feature) && used[feature]);
  if (refused !== undefined) throw invalid(sentences[refused]);
}
