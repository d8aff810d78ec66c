/**
 * core/queue: who waits for the slots of one target in one process, and whose turn is next.
 *
 * Invariant: who has joined is granted or leaves, once; a turn is never kept from somebody who waits while another who
 * comes later in the order gets one. Values and steps: time is an argument, there is no chance, the folder owns no
 * state.
 */
import { stableHashes } from '../units/stable-hash.ts';

/** How many shards there are, and how many of them a tenant has. */
export interface Dealing {
  readonly shards: number;
  /** At most `shards`. */
  readonly hand: number;
}

/** Kubernetes' API Priority and Fairness uses the same: two tenants with one hand are one in 4.4 billion. */
export const usualDealing: Dealing = { shards: 64, hand: 8 };

/** The tenant's shards: as if dealt from a deck that its name has shuffled, the same on every machine. */
export function shardsOf(tenant: string, { shards, hand }: Dealing): readonly number[] {
  const deck = Array.from({ length: shards }, (_, index) => index);
  return stableHashes(tenant, hand).map((hash, dealt) => {
    const picked = dealt + (hash % (shards - dealt));
    const shard = deck[picked] ?? 0;
    deck[picked] = deck[dealt] ?? 0;
    return shard;
  });
}

/**
 * The chance that so many other tenants hold every shard of one tenant between them, all hands dealt independently and
 * evenly.
 */
export function allShardsHitShare({ shards, hand }: Dealing, others: number): number {
  // Inclusion and exclusion would lose all digits where the chance is small: follow, from tenant to tenant, how many
  // shards of the hand nobody holds yet.
  let stillMissed = Array.from({ length: hand + 1 }, (_, missed): number => (missed === hand ? 1 : 0));
  for (let other = 0; other < others; other += 1) {
    const next = stillMissed.map(() => 0);
    stillMissed.forEach((share, missed) => {
      for (let hit = 0; hit <= missed; hit += 1)
        next[missed - hit] = (next[missed - hit] ?? 0) + share * hitShare({ shards, hand }, missed, hit);
    });
    stillMissed = next;
  }
  return stillMissed[0] ?? 0;
}

/** Hypergeometric: one hand holds exactly `hit` of `missed` given shards. */
function hitShare({ shards, hand }: Dealing, missed: number, hit: number): number {
  return (choose(missed, hit) * choose(shards - missed, hand - hit)) / choose(shards, hand);
}

function choose(all: number, some: number): number {
  if (some < 0 || some > all) return 0;
  let ways = 1;
  for (let index = 1; index <= some; index += 1) ways = (ways * (all - some + index)) / index;
  return ways;
}
