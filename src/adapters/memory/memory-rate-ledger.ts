/** Buckets in memory: for tests, the simulator, and any number of gateways in one process. */
import { judgeDemand } from '#core/limits/judge-demand.ts';
import { type FullAtMicros, giveBackTo, takeFrom } from '#core/limits/rate-bucket.ts';
import { invariant } from '#core/units/invariant.ts';
import type { RateAnswer, RateDemand, RateLedger } from '#usecases/ports/rate-ledger.ts';

const MINUTE_MS = 60_000;

interface Account {
  readonly fullAt: Map<string, FullAtMicros>;
  readonly processes: Map<number, number>;
}

export function createMemoryRateLedger(): RateLedger {
  const accounts = new Map<string, Account>();
  const accountOf = (tenant: string): Account => {
    const known = accounts.get(tenant) ?? { fullAt: new Map(), processes: new Map() };
    accounts.set(tenant, known);
    return known;
  };
  return {
    take: async (demand) => take(accountOf(demand.tenant), demand),
    giveBack: async (tenant, returns) => {
      const { fullAt } = accountOf(tenant);
      for (const { bucket, units, perMinute } of returns) {
        const before = fullAt.get(bucket);
        if (before !== undefined) fullAt.set(bucket, giveBackTo({ perMinute }, before, units));
      }
    },
  };
}

function take(account: Account, { buckets, at, countProcess }: RateDemand): RateAnswer {
  const fullAt = (bucket: string) => account.fullAt.get(bucket) ?? 0;
  const taken = judgeDemand(buckets, { fullAt, at });
  taken?.forEach((units, index) => {
    const demand = buckets[index];
    invariant(demand !== undefined, 'one amount for each bucket');
    const after = takeFrom(demand.rate, { fullAt: fullAt(demand.bucket), units, at });
    if (after.granted) account.fullAt.set(demand.bucket, after.fullAt);
  });
  return {
    taken,
    fullAt: buckets.map(({ bucket }) => fullAt(bucket)),
    processes: countedProcesses(account, at, countProcess && taken !== undefined),
  };
}

function countedProcesses({ processes }: Account, at: number, countThis: boolean): number {
  const minute = Math.floor(at / MINUTE_MS);
  if (countThis) processes.set(minute, (processes.get(minute) ?? 0) + 1);
  for (const old of processes.keys()) if (old < minute - 1) processes.delete(old);
  return Math.max(1, processes.get(minute) ?? 0, processes.get(minute - 1) ?? 0);
}
