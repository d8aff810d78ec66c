import type { ModelFact } from './facts.ts';

/**
 * A model that stands in no data file and was added through the control API. Its id tells what it does: ids with
 * `embed` are embedding models, all others take and give text.
 */
export function unknownModelFact(modelId: string): ModelFact {
  const embedding = modelId.includes('embed');
  const [provider = modelId, ...rest] = modelId.split('.');
  return {
    modelId,
    provider: capitalize(provider),
    name: capitalize(rest.join('.').replace(/[-_:]/g, ' ') || modelId),
    input: ['TEXT'],
    output: [embedding ? 'EMBEDDING' : 'TEXT'],
    streaming: !embedding,
    inferenceTypes: ['ON_DEMAND'],
    customizations: [],
    lifecycle: { status: 'ACTIVE' },
    contextTokensMax: null,
    outputTokensMax: null,
    onDemandRegions: [],
    profileOnlyRegions: [],
    structuredOutputs: false,
    refusedToolChoices: [],
  };
}

function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
