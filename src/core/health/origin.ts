import type { WorkKind } from '../call/work.ts';
import { stableHash } from '../units/stable-hash.ts';
import type { Origin } from './target-health.ts';

/** Whose call it is, of what work, and of the same size within a factor of four. */
export function originOf(call: {
  readonly tenant: string;
  readonly work: WorkKind;
  /** Fewest tokens that the input can have; null where nobody counts them. */
  readonly inputTokensMin: number | null;
}): Origin {
  const { tenant, work, inputTokensMin } = call;
  const size = inputTokensMin === null ? '' : Math.floor(Math.log2(inputTokensMin + 1) / 2);
  return stableHash(`${tenant} ${work} ${size}`).toString(36);
}
