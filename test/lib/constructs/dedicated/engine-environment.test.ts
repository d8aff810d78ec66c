import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployment } from '#core/dedicated/deployment.ts';
import { judgeDeployment, type SoundDeployment } from '#core/dedicated/judge-deployment.ts';
import { engineEnvironment } from '#lib/constructs/dedicated/engine-environment.ts';
import { aDeployment, aSoundDeployment } from '#test/builders/a-deployment.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const environmentOf = (changes: Partial<Deployment>) => engineEnvironment(aSoundDeployment(changes));
const revision = '0123456789abcdef0123456789abcdef01234567';
const ngram = { method: 'ngram', tokens: 4, lookupTokensMin: 2, lookupTokensMax: 5 } as const;

describe('what the engine is told', () => {
  it('is the gateway’s own numbers, and nothing that the engine sees by itself', () => {
    expect(environmentOf({ quantisation: 'awq' })).toEqual({
      HF_MODEL_ID: '/opt/ml/model',
      SERVING_FAIL_FAST: 'true',
      OPTION_ASYNC_MODE: 'true',
      OPTION_ROLLING_BATCH: 'disable',
      OPTION_ENTRYPOINT: 'djl_python.lmi_vllm.vllm_async_service',
      OPTION_SERVED_MODEL_NAME: 'chat-small',
      OPTION_TENSOR_PARALLEL_DEGREE: '1',
      OPTION_MAX_MODEL_LEN: '32768',
      OPTION_MAX_ROLLING_BATCH_SIZE: '16',
      OPTION_GPU_MEMORY_UTILIZATION: '0.9',
      OPTION_ENABLE_PREFIX_CACHING: 'true',
      OPTION_SCHEDULING_POLICY: 'fcfs',
    });
  });

  it('names what is to be done at the start, and a cache of another format', () => {
    expect(environmentOf({ quantisation: 'fp8-at-start', kvFormat: 'fp8' })).toMatchObject({
      OPTION_QUANTIZE: 'fp8',
      OPTION_KV_CACHE_DTYPE: 'fp8',
    });
    expect(environmentOf({ quantisation: 'bitsandbytes-at-start', stepTokensMax: 2_048 })).toMatchObject({
      OPTION_QUANTIZE: 'bitsandbytes',
      OPTION_MAX_ROLLING_BATCH_PREFILL_TOKENS: '2048',
    });
  });

  it('reads calls of tools and thoughts where it is told how', () => {
    expect(environmentOf({ toolParser: 'hermes', reasoningParser: 'qwen3' })).toMatchObject({
      OPTION_ENABLE_AUTO_TOOL_CHOICE: 'true',
      OPTION_TOOL_CALL_PARSER: 'hermes',
      OPTION_REASONING_PARSER: 'qwen3',
    });
  });

  it('divides each layer among all GPUs of a copy', () => {
    const seventy = { engine: 'llama-3.1-70b-fp8', instanceTypes: ['ml.g6e.12xlarge'] };
    expect(environmentOf(seventy)).toMatchObject({ OPTION_TENSOR_PARALLEL_DEGREE: '4' });
  });

  it('guesses by the prompt’s own words, a folder of the weights, or a model of the hub', () => {
    const guess = (changes: Partial<Deployment>) =>
      JSON.parse(environmentOf(changes).OPTION_SPECULATIVE_CONFIG ?? '{}');
    expect(guess({ speculation: ngram })).toEqual({
      method: 'ngram',
      num_speculative_tokens: 4,
      prompt_lookup_min: 2,
      prompt_lookup_max: 5,
    });
    const draft = { method: 'draft-model', tokens: 3, draft: 'small', memoryGiB: 2 } as const;
    expect(guess({ speculation: draft })).toEqual({
      method: 'draft_model',
      model: '/opt/ml/model/small',
      num_speculative_tokens: 3,
    });
    const weights = { from: 'hugging-face', id: 'acme/chat', revision } as const;
    expect(guess({ weights, speculation: { ...draft, method: 'eagle3', draft: 'acme/head' } })).toMatchObject(
      {
        method: 'eagle3',
        model: 'acme/head',
      },
    );
    expect(environmentOf({ weights })).toMatchObject({ HF_MODEL_ID: 'acme/chat', OPTION_REVISION: revision });
  });

  it('never contradicts itself, whatever the options of a deployment that was found sound', () => {
    let sound = 0;
    fc.assert(
      fc.property(anyDeployment, (deployment) => {
        const judgement = judgeDeployment(deployment, shippedFacts);
        if (judgement.kind === 'contradictory') return;
        sound += 1;
        expect(brokenRules(engineEnvironment(judgement.deployment), judgement.deployment)).toEqual([]);
      }),
      { numRuns: 3_000, seed: 4 },
    );
    expect(sound).toBeGreaterThan(150);
  });
});

const speculations = fc.oneof(
  fc.constant(undefined),
  fc.record({
    method: fc.constant('ngram' as const),
    tokens: fc.integer({ min: 1, max: 8 }),
    lookupTokensMin: fc.integer({ min: 1, max: 6 }),
    lookupTokensMax: fc.integer({ min: 1, max: 6 }),
  }),
  fc.record({
    method: fc.constantFrom('draft-model' as const, 'eagle' as const, 'eagle3' as const),
    tokens: fc.integer({ min: 1, max: 8 }),
    draft: fc.constantFrom('draft', 'acme/draft', '../x'),
    memoryGiB: fc.constantFrom(1, 8, 60),
  }),
);

const anyDeployment = fc
  .record({
    engine: fc.constantFrom('llama-3.1-8b', 'llama-3.1-70b-fp8', 'gpt-oss-20b', 'deepseek-v3'),
    instanceTypes: fc.uniqueArray(
      fc.constantFrom(
        'ml.g5.2xlarge',
        'ml.g6e.2xlarge',
        'ml.g6e.12xlarge',
        'ml.g6e.48xlarge',
        'ml.p5.48xlarge',
      ),
      { minLength: 1, maxLength: 2 },
    ),
    gpusPerCopy: fc.constantFrom(undefined, undefined, 1, 2, 4),
    contextTokensMax: fc.constantFrom(4_096, 32_768, 131_072),
    concurrencyPerCopy: fc.constantFrom(4, 16, 64),
    quantisation: fc.constantFrom(undefined, 'fp8' as const, 'fp8-at-start' as const, 'awq' as const),
    kvFormat: fc.constantFrom(undefined, 'bf16' as const, 'fp8' as const),
    utilisation: fc.constantFrom(undefined, 0.5, 0.95),
    stepTokensMax: fc.constantFrom(undefined, 8, 2_048),
    prefixCaching: fc.boolean(),
    speculation: speculations,
    weights: fc.constantFrom(
      { from: 's3' as const, uri: 's3://models/chat/' },
      { from: 'hugging-face' as const, id: 'acme/chat', revision },
    ),
  })
  .map((options) => aDeployment({ ...options, targetConcurrencyPerCopy: 3 }));

/** The rules of engine and hosts, written down a second time, from what the container reads. */
function brokenRules(environment: Readonly<Record<string, string>>, deployment: SoundDeployment): string[] {
  const number = (name: string, otherwise = 1) => Number(environment[`OPTION_${name}`] ?? otherwise);
  const gpus = number('TENSOR_PARALLEL_DEGREE');
  const speculative = JSON.parse(environment.OPTION_SPECULATIVE_CONFIG ?? '{}');
  const instances = deployment.instanceTypes.map((type) => shippedFacts.instanceOf(type));
  const fp8 = [environment.OPTION_QUANTIZE, environment.OPTION_KV_CACHE_DTYPE, deployment.quantisation];
  const rules: Readonly<Record<string, boolean>> = {
    'whole GPUs': Number.isInteger(gpus),
    'GPUs of a copy': gpus === deployment.layout.gpus,
    'GPUs of the hosts': instances.every((instance) => (instance?.gpus ?? 0) >= gpus),
    'requests as the gateway admits': number('MAX_ROLLING_BATCH_SIZE') === deployment.concurrencyPerCopy,
    'a token for each request':
      number('MAX_ROLLING_BATCH_PREFILL_TOKENS', 1e9) >= number('MAX_ROLLING_BATCH_SIZE'),
    'room for the longest request': number('MAX_MODEL_LEN') <= 0.9 * deployment.poolTokens,
    'memory that there is': number('GPU_MEMORY_UTILIZATION') <= 1,
    'fp8 where it can be reckoned with':
      !fp8.includes('fp8') || instances.every((instance) => (instance?.computeCapability ?? 0) >= 8.9),
    'no stages, which the container refuses': environment.OPTION_PIPELINE_PARALLEL_DEGREE === undefined,
    'a range of words': (speculative.prompt_lookup_min ?? 1) <= (speculative.prompt_lookup_max ?? 1),
    'a draft that can be reached': reachable(speculative.model, environment.HF_MODEL_ID),
    'values that SageMaker takes': Object.values(environment).every((value) => value.length <= 1_024),
  };
  return Object.entries(rules)
    .filter(([, holds]) => !holds)
    .map(([name]) => name);
}

function reachable(draft: string | undefined, weights: string | undefined): boolean {
  if (draft === undefined) return true;
  return weights === '/opt/ml/model'
    ? draft.startsWith('/opt/ml/model/') && !draft.includes('..')
    : /^[^/.]+\/[^/]+$/.test(draft);
}
