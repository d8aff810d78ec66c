import type { Judge } from './judge.ts';

/** What one gateway may send beside first calls and first failovers: a share of its requests, so many a second, and a floor. */
const RETRY_SHARE = 0.1;
const RETRIES_PER_SECOND = 1;
const RETRIES_FLOOR = 10;
/** Requests that the budget looks back over. */
const LOOKED_BACK_MS = 10_000;

interface Counted {
  readonly atMs: number;
  readonly first: boolean;
}

/**
 * A gateway sends no more calls than its retry budget allows: over any ten seconds one call and one failover for each
 * request, and beyond those a tenth of the requests of that time, one a second, and ten.
 */
export function amplificationJudge(nowMs: () => number): Judge {
  const byGateway = new Map<string, Counted[]>();
  const callsOf = new Map<number, number>();
  return {
    name: 'amplification',
    phase: 'safety',
    sent: ({ request, isWakeUp, gateway }, report) => {
      if (request === undefined || isWakeUp) return;
      const calls = (callsOf.get(request.id) ?? 0) + 1;
      callsOf.set(request.id, calls);
      const atMs = nowMs();
      const counted = byGateway.get(gateway) ?? [];
      byGateway.set(gateway, counted);
      while (counted[0] !== undefined && counted[0].atMs <= atMs - LOOKED_BACK_MS) counted.shift();
      // A third call and those after it are never first failovers.
      counted.push({ atMs, first: calls <= 2 });
      const further = counted.filter(({ first }) => !first).length;
      const requests = counted.length - further;
      const allowed =
        RETRIES_FLOOR + 2 * (RETRY_SHARE * requests + (RETRIES_PER_SECOND * LOOKED_BACK_MS) / 1000);
      if (further > allowed)
        report(`${gateway} sent ${further} further calls in ten seconds, for ${requests} others`);
    },
    ended: ({ request }) => void callsOf.delete(request.id),
  };
}
