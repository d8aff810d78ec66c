/** How a configuration describes the engine of a dedicated endpoint: what its GPUs hold, and what a token takes. */
import * as z from 'zod';
import { amount, whole } from './config-values.ts';

const layers = (which: string) => whole(1, 1_000).describe(`${which}.`);
const heads = {
  kvHeads: whole(1, 1_000).describe('`num_key_value_heads`.'),
  headDim: whole(1, 10_000).describe('`head_dim`.'),
};

const attentionSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('gqa'), layers: layers('`num_hidden_layers`'), ...heads }),
    z.strictObject({
      kind: z.literal('mla'),
      layers: layers('`num_hidden_layers`'),
      kvLoraRank: whole(1, 100_000).describe('`kv_lora_rank`.'),
      ropeDim: whole(1, 100_000).describe('`qk_rope_head_dim`.'),
    }),
    z.strictObject({
      kind: z.literal('sliding-window'),
      fullLayers: layers('Layers that look back over everything'),
      windowedLayers: layers('Layers that look back over a window'),
      windowTokens: whole(1, 10_000_000).describe('`sliding_window`.'),
      ...heads,
    }),
  ],
  'must have the kind "gqa", "mla" or "sliding-window"',
);

const describedEngineSchema = z.strictObject({
  attention: attentionSchema.describe(
    'What a layer keeps of a token, from the model’s config.json: `gqa` (layers, kvHeads, headDim), `mla` (layers, kvLoraRank, ropeDim) or `sliding-window` (fullLayers, windowedLayers, windowTokens, kvHeads, headDim).',
  ),
  weightsGiB: amount(0.001, 100_000).describe('All weights as they lie in memory, in GiB.'),
  kvFormat: z
    .enum(['bf16', 'fp8'], 'must be "bf16" or "fp8"')
    .optional()
    .describe('Format of keys and values: vLLM’s `kv_cache_dtype`. @default - `bf16`'),
  gpus: whole(1, 1_024).optional().describe('GPUs of one copy. @default - those of the instance type'),
  gpuMemoryGiB: amount(0.1, 10_000)
    .optional()
    .describe('What a process can have of one GPU, in GiB. @default - as the instance type has'),
  tensorParallel: whole(1, 1_024)
    .optional()
    .describe('GPUs that divide each layer. @default - all of a copy'),
  utilisation: amount(0.1, 1).optional().describe('vLLM’s `gpu_memory_utilization`. @default - 0.9'),
  overheadGiB: amount(0, 1_000)
    .optional()
    .describe('Of each GPU, beside weights and cache, in GiB. @default - as known of the GPU, else 2'),
});

const ENGINE_RULE =
  'must be the name of a known model, such as "llama-3.1-8b", or a description of the engine';

export const engineSchema = z.union([z.string().min(1, ENGINE_RULE), describedEngineSchema], ENGINE_RULE);
