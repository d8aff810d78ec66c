import type { ChatNeeds } from '../../chat/chat-request.ts';
import { canEmbed } from '../../embedding/can-embed.ts';
import type { Target } from '../../target.ts';
import type { Filter } from '../decision.ts';
import { refusedFeatures } from '../refused-features.ts';

/**
 * Whether a target can do this work: modalities, tools, JSON answers; lengths of vectors; counting. What is unknown is
 * tried and learned: what a target was heard to refuse, it lacks for a while. A target that cannot stream is called
 * plainly by the invoker, so that a caller of a stream gets one from it as well.
 */
export const capabilityFilter: Filter = {
  name: 'capability',
  judge: ({ target }, question) => {
    const { needs } = question;
    const able = needs.work === 'embedding' ? canEmbed(target, needs) : canChat(target, needs);
    if (needs.work === 'count-tokens' && !canCount(target)) return 'capability-missing';
    return able && refusedFeatures(target, question).length === 0 ? undefined : 'capability-missing';
  },
};

function canChat(target: Target, needs: ChatNeeds): boolean {
  if (needs.bedrockOnly && target.kind !== 'bedrock') return false;
  if (needs.anthropicOnly && !isAnthropic(target)) return false;
  if (needs.forbidsTools && !canForbidTools(target)) return false;
  if (needs.reasoning && !takesReasoningBudget(target)) return false;
  if (!holdsThoughts(target, needs)) return false;
  const { input, output, tools, reasoning } = target.capabilities;
  if (needs.effort && reasoning !== undefined && !reasoning.includes('effort')) return false;
  if (input !== undefined && needs.input.some((modality) => !input.includes(modality))) return false;
  if (output !== undefined && !output.includes('TEXT')) return false;
  if (needs.tools && tools === false) return false;
  return !needs.jsonSchema || canAnswerJson(target);
}

/** Models whose cards say that CountTokens does not know them. Others are asked, and say so themselves. */
const uncounted: readonly string[] = ['anthropic.claude-opus-5-5', 'openai.gpt-6.1-sol'];

/** Bedrock counts; a container of its own has no such call. */
function canCount({ kind, modelId }: Target): boolean {
  return kind === 'bedrock' && !uncounted.some((prefix) => modelId.startsWith(prefix));
}

/** Bedrock has no JSON mode for every model: there a forced tool makes the JSON, so tools are what it takes. */
function canAnswerJson({ kind, capabilities }: Target): boolean {
  return kind === 'bedrock' ? capabilities.tools !== false : capabilities.jsonSchema !== false;
}

/** A budget for thoughts is a field of Anthropic's models, and not of all; others think by other names, or unasked. */
function takesReasoningBudget(target: Target): boolean {
  if (!isAnthropic(target)) return false;
  return target.capabilities.reasoning?.includes('budget') ?? true;
}

/** An answer is cut to what the target can write: where thoughts alone would fill that, providers refuse the call. */
function holdsThoughts({ outputTokensMax }: Target, { thinkingTokens }: ChatNeeds): boolean {
  return thinkingTokens === undefined || outputTokensMax === null || outputTokensMax > thinkingTokens;
}

/** Converse has no such choice; Anthropic's own stands beside it, and containers take OpenAI's. */
function canForbidTools(target: Target): boolean {
  return target.kind !== 'bedrock' || isAnthropic(target);
}

function isAnthropic({ kind, modelId }: Target): boolean {
  return kind === 'bedrock' && modelId.startsWith('anthropic.');
}
