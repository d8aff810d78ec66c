/**
 * The retry budget across requests: 10 % of the last 10 s plus one a second, and never under 10 tokens.
 *
 * Counts whole seconds in a ring; a value, so that the caller holds it and a replay gives the same answers.
 */
import type { InstantMs } from '../units/instant-ms.ts';

/** Length of the window in seconds. */
const WINDOW_SECONDS = 10;
/** Retries per request of the window (Google SRE keeps a client's retries at or under 10 %). */
const SHARE = 0.1;
const PER_SECOND = 1;
/** A cold process has no window yet: start small, since each Lambda environment has a budget of its own. */
const FLOOR = 10;

interface Second {
  readonly second: number;
  readonly requests: number;
  readonly retries: number;
}

/** At most ten seconds, oldest first. */
export type RetryBudget = readonly Second[];

export const emptyRetryBudget: RetryBudget = [];

export function countRequest(budget: RetryBudget, at: InstantMs): RetryBudget {
  return count(budget, at, { requests: 1, retries: 0 });
}

export function countRetry(budget: RetryBudget, at: InstantMs): RetryBudget {
  return count(budget, at, { requests: 0, retries: 1 });
}

/** Retries that may still be sent now; 0 or more. */
export function retriesLeft(budget: RetryBudget, at: InstantMs): number {
  const recent = recentSeconds(budget, at);
  const requests = recent.reduce((sum, entry) => sum + entry.requests, 0);
  const retries = recent.reduce((sum, entry) => sum + entry.retries, 0);
  const allowed = Math.max(FLOOR, Math.floor(requests * SHARE) + PER_SECOND * WINDOW_SECONDS);
  return Math.max(0, allowed - retries);
}

function count(
  budget: RetryBudget,
  at: InstantMs,
  added: { requests: number; retries: number },
): RetryBudget {
  const second = Math.floor(at / 1000);
  const recent = recentSeconds(budget, at);
  const last = recent.at(-1);
  // A clock that jumped back adds to the newest second that is known.
  if (last === undefined || last.second < second) return [...recent, { second, ...added }];
  const { requests, retries } = last;
  return [
    ...recent.slice(0, -1),
    { second: last.second, requests: requests + added.requests, retries: retries + added.retries },
  ];
}

function recentSeconds(budget: RetryBudget, at: InstantMs): readonly Second[] {
  const second = Math.floor(at / 1000);
  return budget.filter(
    (entry) => entry.second > second - WINDOW_SECONDS && entry.second <= second + WINDOW_SECONDS,
  );
}
