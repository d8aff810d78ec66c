import { accountRestKey } from '#core/decide/condition-keys.ts';
import type { FailureVerdict } from '#core/failures/classify-failure.ts';
import { type PoolRest, restAfterAnswer, restAfterThrottle } from '#core/failures/pool-rest.ts';
import type { Target } from '#core/target.ts';
import type { Random } from '#core/units/random.ts';
import { putBounded } from './put-bounded.ts';

/** An account whose role cannot be assumed costs a second a try. */
const ACCOUNT_REST_MS = 2000;

/** What rests until when: quota pools that were throttled, and accounts without credentials. */
export interface RestBook {
  /** By quota pool, and by `accountRestKey`. Others may add reasons of their own, never an earlier end. */
  readonly resting: Map<string, number>;
  answered(target: Target, at: number): void;
  failed(target: Target, verdict: FailureVerdict, at: number): void;
}

export function createRestBook(random: Random): RestBook {
  const resting = new Map<string, number>();
  const throttled = new Map<string, PoolRest>();
  const rest = (key: string, until: number): void =>
    putBounded(resting, key, Math.max(resting.get(key) ?? 0, until));
  return {
    resting,
    answered: ({ quotaPool }, at) => {
      if (restAfterAnswer(throttled.get(quotaPool), at) === undefined) throttled.delete(quotaPool);
    },
    failed: ({ quotaPool, account, region }, verdict, at) => {
      if (verdict.class === 'quota') {
        const told = { at, chance: random.next(), wishMs: verdict.retryAfterMs };
        const next = restAfterThrottle(throttled.get(quotaPool), told);
        putBounded(throttled, quotaPool, next);
        rest(quotaPool, next.until);
      }
      if (verdict.class === 'no-credentials') {
        const isWhole = verdict.outcome === 'role-unavailable';
        rest(accountRestKey(account, isWhole ? undefined : region), at + ACCOUNT_REST_MS);
      }
    },
  };
}
