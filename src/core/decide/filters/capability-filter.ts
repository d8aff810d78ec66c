import type { Target } from '../../target.ts';
import type { Filter } from '../decision.ts';

/**
 * Modalities, tools and JSON answers. What is unknown is tried and learned. A target that cannot stream is called
 * plainly by the invoker, so that a caller of a stream gets one from it as well.
 */
export const capabilityFilter: Filter = {
  name: 'capability',
  judge: ({ target }, { needs }) => {
    if (needs.bedrockOnly && target.kind !== 'bedrock') return 'capability-missing';
    if (needs.reasoning && !takesReasoningBudget(target)) return 'capability-missing';
    const { input, output, tools } = target.capabilities;
    if (input !== undefined && needs.input.some((modality) => !input.includes(modality)))
      return 'capability-missing';
    if (output !== undefined && !output.includes('TEXT')) return 'capability-missing';
    if (needs.tools && tools === false) return 'capability-missing';
    return needs.jsonSchema && !canAnswerJson(target) ? 'capability-missing' : undefined;
  },
};

/** Bedrock has no JSON mode for every model: there a forced tool makes the JSON, so tools are what it takes. */
function canAnswerJson({ kind, capabilities }: Target): boolean {
  return kind === 'bedrock' ? capabilities.tools !== false : capabilities.jsonSchema !== false;
}

/** A budget for thoughts is a field of Anthropic's models; other models think by other names, or by themselves. */
function takesReasoningBudget({ kind, modelId }: Target): boolean {
  return kind === 'bedrock' && modelId.startsWith('anthropic.');
}
