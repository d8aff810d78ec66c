import type { Judge } from './judge.ts';

/** The window of `docs/guides/chains.md`: one call of a gateway region wakes an endpoint for everybody. */
const WINDOW_MS = 60_000;

/** A sleeping endpoint is woken, not flooded: one call of each gateway region in a minute. */
export function wakeUpJudge(nowMs: () => number): Judge {
  const lastMs = new Map<string, number>();
  return {
    name: 'wake-up',
    phase: 'safety',
    sent: ({ isWakeUp, gateway, target }, report) => {
      if (!isWakeUp) return;
      const key = `${gateway} ${target.id}`;
      const sinceMs = nowMs() - (lastMs.get(key) ?? Number.NEGATIVE_INFINITY);
      lastMs.set(key, nowMs());
      if (sinceMs < WINDOW_MS)
        report(`${gateway} woke ${target.id} again after ${Math.round(sinceMs / 1000)} s`);
    },
  };
}
