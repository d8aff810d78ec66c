import type { Target, TargetState } from '../../target.ts';
import type { DecisionQuestion, Filter } from '../decision.ts';

const usable: ReadonlySet<TargetState> = new Set(['available', 'legacy', 'warm']);

/** What discovery says. The baseline comes from configuration alone, so that wrong discovery cannot take it away. */
export const stateFilter: Filter = {
  name: 'state',
  judge: ({ target, tier }, question) =>
    tier === 'baseline' || usable.has(target.state) || hasWoken(target, question)
      ? undefined
      : 'state-unusable',
};

/** Discovery looks once a minute; an answer says so at once. */
function hasWoken({ id, state }: Target, { conditions, at }: DecisionQuestion): boolean {
  return (state === 'cold' || state === 'warming') && (conditions.awake?.get(id) ?? 0) > at;
}
