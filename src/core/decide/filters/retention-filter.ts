import type { Filter } from '../decision.ts';

/** What the provider of the model would keep of a prompt, against what the residency lets it keep. */
export const retentionFilter: Filter = {
  name: 'retention',
  isIdle: ({ retentionForbidden }) => retentionForbidden === undefined || retentionForbidden.size === 0,
  judgesByMake: () => true,
  judge: ({ target }, { retentionForbidden }) =>
    retentionForbidden?.has(target.modelId) === true ? 'retention-forbidden' : undefined,
};
