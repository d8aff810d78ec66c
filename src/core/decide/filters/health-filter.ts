import { judgeHealth } from '../../health/judge-health.ts';
import { rendezvousWeight } from '../../units/stable-hash.ts';
import { regionHealthKey } from '../condition-keys.ts';
import type { DecisionQuestion, Filter } from '../decision.ts';

const TWO_TO_32 = 4_294_967_296;

/** Targets, and whole regions, that real traffic found failing. `decide` spares the last lawful one. */
export const healthFilter: Filter = {
  name: 'health',
  judge: ({ target }, question) => {
    const ejected =
      isEjected(target.id, question) ||
      (target.kind === 'bedrock' && isEjected(regionHealthKey(target), question));
    return ejected ? 'ejected' : undefined;
  },
};

function isEjected(key: string, { conditions, at, requestId }: DecisionQuestion): boolean {
  const health = conditions.health.get(key);
  if (health === undefined) return false;
  // Only a returning target takes its share of the requests.
  const fraction = health.kind === 'returning' ? rendezvousWeight(requestId, key) / TWO_TO_32 : 0;
  return judgeHealth(health, at, fraction) === 'ejected';
}
