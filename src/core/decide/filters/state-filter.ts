import type { TargetState } from '../../target.ts';
import type { Filter } from '../decision.ts';

const usable: ReadonlySet<TargetState> = new Set(['available', 'legacy', 'warm']);

/** What discovery says. The baseline comes from configuration alone, so that wrong discovery cannot take it away. */
export const stateFilter: Filter = {
  name: 'state',
  judge: ({ target, tier }) =>
    tier === 'baseline' || usable.has(target.state) ? undefined : 'state-unusable',
};
