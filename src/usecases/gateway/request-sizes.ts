import type { ModelConfig } from '#contract/config.ts';
import type { Work } from '#core/call/work.ts';
import type { Usage } from '#core/chat/model-event.ts';
import { outputTokensFor } from '#core/chat/output-tokens.ts';
import { kvTokensOfRequest } from '#core/kv/kv-tokens.ts';
import type { Target } from '#core/target.ts';
import { estimateInput } from '#core/tokens/estimate-input.ts';
import { measureWork, type WorkShape } from '#core/tokens/measure-work.ts';
import { tokenFamilyOf } from '#core/tokens/token-family.ts';
import { createInputCorrections } from './input-corrections.ts';
import type { LearnedBook } from './learned-book.ts';

/** A call as large as a target is likely to find it, in tokens. */
interface RequestSize {
  readonly inputTokens: number;
  /** Nine of ten such answers are no longer. */
  readonly outputTokens: number;
  /** No answer is longer. */
  readonly maxTokens: number;
}

/** What of a job says how large its call is. */
interface SizedJob {
  readonly arrival: { readonly url: URL };
  readonly placement: { readonly tenant: { readonly name: string } };
  readonly call: { readonly work: Work; readonly modelConfig: Pick<ModelConfig, 'outputTokensDefault'> };
}

type SizedTarget = Pick<Target, 'modelId' | 'outputTokensMax' | 'kvTokensPerRequest'>;

/** How large calls are, before a target has counted them; better with every answer. */
export interface RequestSizes {
  of(job: SizedJob, target: SizedTarget): RequestSize;
  /** Tokens of KV cache that the call is expected to fill at the target; 0 for one that runs no model. */
  kvTokensOf(job: SizedJob, target: SizedTarget): number;
  /** A target answered to the end and told what it used. */
  answered(job: SizedJob, target: SizedTarget, usage: Usage): void;
}

export function createRequestSizes(lengths: Pick<LearnedBook, 'expectedOutput' | 'answered'>): RequestSizes {
  const corrections = createInputCorrections();
  /** A call is counted once, whatever is tried. */
  const shapes = new WeakMap<Work, WorkShape>();
  const estimateOf = (job: SizedJob, { modelId }: SizedTarget) => {
    const { work } = job.call;
    const shape = shapes.get(work) ?? measureWork(work);
    shapes.set(work, shape);
    const estimated = estimateInput(shape, tokenFamilyOf(modelId));
    return { tenant: job.placement.tenant.name, modelId, estimated };
  };
  const of = (job: SizedJob, target: SizedTarget): RequestSize => {
    const maxTokens = maxTokensOf(job, target);
    return {
      inputTokens: corrections.correct(estimateOf(job, target)),
      outputTokens: maxTokens === 0 ? 0 : lengths.expectedOutput(kindOf(job), maxTokens),
      maxTokens,
    };
  };
  return {
    of,
    kvTokensOf: (job, target) =>
      job.call.work.kind === 'count-tokens'
        ? 0
        : kvTokensOfRequest({ ...of(job, target), fixedTokens: target.kvTokensPerRequest }),
    answered: (job, target, usage) => {
      const { inputTokens, outputTokens, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = usage;
      // To measure a text takes time: what nobody asked for is not compared either.
      if (shapes.has(job.call.work))
        corrections.told(estimateOf(job, target), inputTokens + cacheReadInputTokens + cacheWriteInputTokens);
      const maxTokens = maxTokensOf(job, target);
      if (maxTokens > 0) lengths.answered(kindOf(job), { outputTokens, maxTokens });
    },
  };
}

function kindOf({ arrival, placement, call }: SizedJob) {
  return { tenant: placement.tenant.name, model: call.work.request.model, route: arrival.url.pathname };
}

function maxTokensOf({ call }: SizedJob, target: SizedTarget): number {
  const { work, modelConfig } = call;
  if (work.kind !== 'chat') return 0;
  return outputTokensFor(target, {
    maxTokens: work.request.inference.maxTokens,
    outputTokensDefault: modelConfig.outputTokensDefault,
    thoughtTokensMax: work.request.reasoning?.budgetTokens,
  });
}
