import type { Route } from '#core/plan/route.ts';

/** A published route of chat-small under `us`. */
export function aRoute(changes: Partial<Route> = {}): Route {
  return {
    model: 'chat-small',
    residency: 'us',
    version: 1,
    schema: 1,
    targets: [],
    baseline: [],
    dropped: 0,
    publishedAt: '2026-11-21T07:00:00.000Z',
    reason: 'first publication',
    checksum: '0'.repeat(64),
    ...changes,
  };
}
