import type { Filter } from '../decision.ts';

/** The prompt surely does not fit: its floor is over the target's context, or a larger context was found too small. */
export const contextFilter: Filter = {
  name: 'context',
  judgesByMake: () => true,
  judge: ({ target: { contextTokensMax } }, { needs, limits }) => {
    const above = limits.contextTokensAbove;
    if (above !== undefined && (contextTokensMax === null || contextTokensMax <= above))
      return 'context-too-long';
    if (contextTokensMax === null || needs.inputTokensMin === null) return undefined;
    return needs.inputTokensMin > contextTokensMax ? 'context-too-long' : undefined;
  },
};
