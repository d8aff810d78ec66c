import { judgeHealth } from '../../health/judge-health.ts';
import type { TargetHealth } from '../../health/target-health.ts';
import { rendezvousWeight } from '../../units/stable-hash.ts';
import { regionHealthKey } from '../condition-keys.ts';
import type { DecisionQuestion, Filter } from '../decision.ts';

const TWO_TO_32 = 4_294_967_296;

/**
 * Targets, and whole regions, that real traffic found failing, for everybody or for requests such as this one. `decide`
 * spares the last lawful one.
 */
export const healthFilter: Filter = {
  name: 'health',
  isIdle: ({ conditions: { health, blamed } }) =>
    health.size === 0 && (blamed === undefined || blamed.size === 0),
  judge: ({ target }, question) => {
    const ejected =
      isEjected(target.id, question) ||
      isEjectedForOrigin(target.id, question) ||
      (target.kind === 'bedrock' && isEjected(regionHealthKey(target), question));
    return ejected ? 'ejected' : undefined;
  },
};

function isEjected(key: string, question: DecisionQuestion): boolean {
  const health = question.conditions.health.get(key);
  return health !== undefined && isOut(health, key, question);
}

function isEjectedForOrigin(key: string, question: DecisionQuestion): boolean {
  const { conditions, origin } = question;
  if (conditions.blamed === undefined || conditions.blamed.size === 0 || origin === undefined) return false;
  const health = conditions.blamed.get(key)?.get(origin);
  return health !== undefined && isOut(health, key, question);
}

function isOut(health: TargetHealth, key: string, { at, requestId }: DecisionQuestion): boolean {
  // Only a returning target takes its share of the requests.
  const fraction = health.kind === 'returning' ? rendezvousWeight(requestId, key) / TWO_TO_32 : 0;
  return judgeHealth(health, at, fraction) === 'ejected';
}
