/** The body of POST /model/{modelId}/converse and /converse-stream: strict, so that nothing a caller sends is lost. */
import * as z from 'zod';
import {
  cachePoint,
  documentBlock,
  guardContent,
  imageBlock,
  name,
  oneOf,
  refusedMember,
  searchResult,
  videoBlock,
} from './bedrock-converse-parts.ts';

const TOKENS_MAX = 100_000_000;
const jsonObject = z.record(z.string(), z.unknown());
/** AWS's own bounds of a label for invocation logs. */
const metadataText = z.string().max(256);

const toolUse = z.strictObject({
  toolUseId: z.string().min(1).max(256),
  name,
  input: z.unknown(),
  type: refusedMember('toolUse.type'),
});

const toolResultPart = oneOf({
  text: z.string(),
  json: z.unknown(),
  image: imageBlock,
  document: documentBlock,
  video: videoBlock,
  searchResult,
  videoBlock,
});

const toolResult = z.strictObject({
  toolUseId: z.string().min(1).max(256),
  content: z.array(toolResultPart),
  status: z.enum(['success', 'error']).optional(),
  type: refusedMember('toolResult.type'),
});

const reasoningContent = oneOf({
  reasoningText: z.strictObject({ text: z.string(), signature: z.string().optional() }),
  redactedContent: z.base64().min(1),
});

const contentBlock = oneOf({
  text: z.string(),
  image: imageBlock,
  document: documentBlock,
  video: videoBlock,
  audio: refusedMember('audio'),
  toolUse,
  toolResult,
  reasoningContent,
  cachePoint,
  guardContent,
  searchResult,
  citationsContent: z.strictObject({
    content: z.array(z.strictObject({ text: z.string() })).optional(),
    citations: z.array(jsonObject).optional(),
  }),
  toolAddition: refusedMember('toolAddition'),
  toolRemoval: refusedMember('toolRemoval'),
});

const message = z.strictObject({
  role: z.enum(['user', 'assistant'], 'must be user or assistant; instructions stand in system'),
  content: z.array(contentBlock).min(1),
});

const tool = oneOf({
  toolSpec: z.strictObject({
    name,
    description: z.string().min(1).optional(),
    inputSchema: z.strictObject({ json: jsonObject }),
    strict: z.boolean().optional(),
  }),
  cachePoint,
  systemTool: refusedMember('systemTool'),
});

const toolConfig = z.strictObject({
  tools: z.array(tool).min(1),
  toolChoice: oneOf({
    auto: z.strictObject({}),
    any: z.strictObject({}),
    tool: z.strictObject({ name }),
  }).optional(),
});

const outputConfig = z.strictObject({
  textFormat: z
    .strictObject({
      type: z.literal('json_schema'),
      structure: z.strictObject({
        jsonSchema: z.strictObject({
          /** JSON text, as AWS has it. */
          schema: z.string(),
          name: name.optional(),
          description: z.string().optional(),
        }),
      }),
    })
    .optional(),
  effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).optional(),
});

export const bedrockConverseSchema = z.strictObject({
  messages: z.array(message).min(1),
  system: z.array(oneOf({ text: z.string(), cachePoint, guardContent })).optional(),
  inferenceConfig: z
    .strictObject({
      maxTokens: z.int().min(1).max(TOKENS_MAX).optional(),
      temperature: z.number().min(0).max(1).optional(),
      topP: z.number().min(0).max(1).optional(),
      stopSequences: z.array(z.string().min(1)).max(2500).optional(),
    })
    .optional(),
  toolConfig: toolConfig.optional(),
  guardrailConfig: z
    .strictObject({
      guardrailIdentifier: z.string().min(1).max(2048),
      guardrailVersion: z.string().min(1).max(16),
      trace: z.enum(['enabled', 'disabled', 'enabled_full']).optional(),
      streamProcessingMode: z.enum(['sync', 'async']).optional(),
    })
    .optional(),
  additionalModelRequestFields: jsonObject.optional(),
  additionalModelResponseFieldPaths: z.array(z.string().min(1).max(256)).max(10).optional(),
  requestMetadata: z.record(metadataText.min(1), metadataText).optional(),
  performanceConfig: z.strictObject({ latency: z.enum(['standard', 'optimized']).optional() }).optional(),
  serviceTier: z.strictObject({ type: z.enum(['priority', 'default', 'flex', 'reserved']) }).optional(),
  outputConfig: outputConfig.optional(),
});

/** Fields at the root of a Converse body that no target honours: refused by name, with the reason. */
export const refusedConverseFields: Readonly<Record<string, string>> = {
  modelId: 'the model is named in the path',
  promptVariables: 'prompts of prompt management lie in one account and region; send the messages themselves',
};
