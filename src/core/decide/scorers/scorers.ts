import type { Scorer } from '../decision.ts';
import { accountScorer } from './account-scorer.ts';
import { affinityScorer } from './affinity-scorer.ts';
import { latencyScorer } from './latency-scorer.ts';
import { lifecycleScorer } from './lifecycle-scorer.ts';
import { priceScorer } from './price-scorer.ts';
import { proximityScorer } from './proximity-scorer.ts';
import { scopeScorer } from './scope-scorer.ts';
import { troubleScorer } from './trouble-scorer.ts';

/** Every scorer. They decide among candidates of one tier and one position; no score overrules those. */
export const scorers: readonly Scorer[] = [
  troubleScorer,
  accountScorer,
  affinityScorer,
  scopeScorer,
  proximityScorer,
  latencyScorer,
  priceScorer,
  lifecycleScorer,
];
