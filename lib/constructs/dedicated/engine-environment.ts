import type { Speculation } from '#core/dedicated/deployment.ts';
import type { SoundDeployment } from '#core/dedicated/judge-deployment.ts';

/** Where SageMaker lays weights that come from a bucket. */
const WEIGHTS_FOLDER = '/opt/ml/model';

/**
 * What the container is told, as LMI and vLLM name it: `OPTION_<NAME>` passes any argument of the engine on.
 *
 * Weights that were made small ahead are not announced: the engine reads it from their files, and would use a slower
 * kernel where it is told (LMI's vLLM guide). The access token of a hub is not here: it is a secret.
 */
export function engineEnvironment(deployment: SoundDeployment): Readonly<Record<string, string>> {
  const { layout, contextTokensMax, concurrencyPerCopy, utilisation, stepTokensMax } = deployment;
  return {
    ...weightsEnvironment(deployment),
    // A container that cannot load its model ends, so that SageMaker tells why.
    SERVING_FAIL_FAST: 'true',
    OPTION_ASYNC_MODE: 'true',
    OPTION_ROLLING_BATCH: 'disable',
    OPTION_ENTRYPOINT: 'djl_python.lmi_vllm.vllm_async_service',
    OPTION_SERVED_MODEL_NAME: deployment.servedModel,
    OPTION_TENSOR_PARALLEL_DEGREE: String(layout.gpus),
    OPTION_MAX_MODEL_LEN: String(contextTokensMax),
    // LMI hands it to the engine as `max_num_seqs`: what the gateway lets into a copy.
    OPTION_MAX_ROLLING_BATCH_SIZE: String(concurrencyPerCopy),
    OPTION_GPU_MEMORY_UTILIZATION: String(utilisation),
    OPTION_ENABLE_PREFIX_CACHING: String(deployment.prefixCaching),
    OPTION_SCHEDULING_POLICY: deployment.scheduling,
    ...(stepTokensMax === undefined
      ? {}
      : { OPTION_MAX_ROLLING_BATCH_PREFILL_TOKENS: String(stepTokensMax) }),
    ...(deployment.kvFormat === 'bf16' ? {} : { OPTION_KV_CACHE_DTYPE: deployment.kvFormat }),
    ...parserEnvironment(deployment),
    ...quantisationEnvironment(deployment),
    ...speculationEnvironment(deployment),
  };
}

function weightsEnvironment({ weights }: SoundDeployment): Readonly<Record<string, string>> {
  return weights.from === 's3'
    ? { HF_MODEL_ID: WEIGHTS_FOLDER }
    : { HF_MODEL_ID: weights.id, OPTION_REVISION: weights.revision };
}

function parserEnvironment({
  toolParser,
  reasoningParser,
}: SoundDeployment): Readonly<Record<string, string>> {
  return {
    ...(toolParser === undefined
      ? {}
      : { OPTION_ENABLE_AUTO_TOOL_CHOICE: 'true', OPTION_TOOL_CALL_PARSER: toolParser }),
    ...(reasoningParser === undefined ? {} : { OPTION_REASONING_PARSER: reasoningParser }),
  };
}

function quantisationEnvironment({ quantisation }: SoundDeployment): Readonly<Record<string, string>> {
  const [method, atStart] = quantisation?.split('-at-') ?? [];
  return method === undefined || atStart === undefined ? {} : { OPTION_QUANTIZE: method };
}

function speculationEnvironment({ speculation, weights }: SoundDeployment): Readonly<Record<string, string>> {
  if (speculation === undefined) return {};
  const folder = weights.from === 's3' ? `${WEIGHTS_FOLDER}/` : '';
  return { OPTION_SPECULATIVE_CONFIG: JSON.stringify(speculativeConfig(speculation, folder)) };
}

/** As vLLM's `speculative_config` has it. */
function speculativeConfig(speculation: Speculation, folder: string) {
  const { method, tokens } = speculation;
  if (speculation.method === 'ngram') {
    const { lookupTokensMin, lookupTokensMax } = speculation;
    return {
      method,
      num_speculative_tokens: tokens,
      prompt_lookup_min: lookupTokensMin,
      prompt_lookup_max: lookupTokensMax,
    };
  }
  return {
    method: method === 'draft-model' ? 'draft_model' : method,
    model: `${folder}${speculation.draft}`,
    num_speculative_tokens: tokens,
  };
}
