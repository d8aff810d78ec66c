/** The body of InvokeModel in Nova's own format: Converse, with its options in the body and a sampling of its own. */
import * as z from 'zod';
import { bedrockConverseSchema } from './bedrock-converse.ts';

const TOKENS_MAX = 100_000_000;

export const bedrockNovaSchema = bedrockConverseSchema
  .pick({ messages: true, system: true, toolConfig: true })
  .extend({
    schemaVersion: z.literal('messages-v1', 'must be messages-v1'),
    inferenceConfig: z
      .strictObject({
        maxTokens: z.int().min(1).max(TOKENS_MAX).optional(),
        temperature: z.number().min(0).max(1).optional(),
        topP: z.number().min(0).max(1).optional(),
        topK: z.int().min(0).max(100_000).optional(),
        stopSequences: z.array(z.string().min(1)).max(2500).optional(),
      })
      .optional(),
  });
