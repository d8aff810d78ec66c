import type { LeaseDemand } from '../ports/capacity-ledger.ts';

interface UnderWay {
  readonly kvTokens: number;
}

/**
 * What one of so many processes may lend while nobody knows what the others do: each its part of the slots and of the KV
 * tokens, rounded down, so that all together stay within the limit.
 *
 * @param processesMax that there can be, 1 or more. The number that was last counted is none: each process knows it as
 *   it was at its own last call, and the parts of 10 processes that counted 1, 2, … 10 are three times the limit
 */
export function safeShareOf(
  { limit, kvTokens, slotsReserved }: Pick<LeaseDemand, 'limit' | 'kvTokens' | 'slotsReserved'>,
  processesMax: number,
): { hasRoom(underWay: readonly UnderWay[]): boolean } {
  const slots = Math.floor(limit.slots / processesMax);
  const reserved = Math.ceil((slots * slotsReserved) / limit.slots);
  const kvShare = limit.kvTokens === undefined ? undefined : Math.floor(limit.kvTokens / processesMax);
  return {
    hasRoom: (underWay) => {
      if (underWay.length >= slots - reserved) return false;
      if (kvShare === undefined) return true;
      const used = underWay.reduce((sum, each) => sum + each.kvTokens, 0);
      return used + kvTokens <= kvShare - Math.ceil((kvShare * slotsReserved) / limit.slots);
    },
  };
}
