import { canEmbed, missingForVectors } from '../../embedding/can-embed.ts';
import type { Target } from '../../target.ts';
import type { DecisionQuestion, Filter } from '../decision.ts';
import { lacksAbility, type MissingAbility, missingAbilities } from '../missing-abilities.ts';
import { refusedFeatures, refusesByMake } from '../refused-features.ts';

/**
 * Whether a target can do this work: modalities, tools, JSON answers; lengths of vectors; counting. What is unknown is
 * tried and learned: what a target was heard to refuse, it lacks for a while. A target that cannot stream is called
 * plainly by the invoker, so that a caller of a stream gets one from it as well.
 */
export const capabilityFilter: Filter = {
  name: 'capability',
  judgesByMake: refusesByMake,
  judge: ({ target }, question) => {
    const { needs } = question;
    const able = needs.work === 'embedding' ? canEmbed(target, needs) : !lacksAbility(target, needs);
    if (needs.work === 'count-tokens' && !canCount(target)) return 'capability-missing';
    return able && refusedFeatures(target, question).length === 0 ? undefined : 'capability-missing';
  },
};

/** What of this work a target that the filter removes cannot do. Asked of those alone. */
export function whatIsMissing(target: Target, question: DecisionQuestion): readonly MissingAbility[] {
  const { needs } = question;
  if (needs.work === 'embedding') return missingForVectors(target, needs);
  const counted = needs.work !== 'count-tokens' || canCount(target);
  const named = [
    ...missingAbilities(target, needs),
    ...(counted ? [] : (['token-count'] as const)),
    ...refusedFeatures(target, question),
  ];
  return [...new Set(named)];
}

/** Models whose cards say that CountTokens does not know them. Others are asked, and say so themselves. */
const uncounted: readonly string[] = ['anthropic.claude-opus-5-5', 'openai.gpt-6.1-sol'];

/** Bedrock counts; a container of its own has no such call. */
function canCount({ kind, modelId }: Target): boolean {
  return kind === 'bedrock' && !uncounted.some((prefix) => modelId.startsWith(prefix));
}
