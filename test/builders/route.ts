/** Sealed routes as plan publishes them. */
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import type { Route } from '#core/plan/route.ts';
import type { Target } from '#core/target.ts';
import { sealRoute } from '#usecases/plan/seal-route.ts';
import { bedrockTarget } from './model-call.ts';

export function sealedRoute(
  overrides: {
    readonly model?: string;
    readonly residency?: string;
    readonly version?: number;
    readonly targets?: readonly Target[];
  } = {},
): Route {
  const { model = 'chat-small', residency = 'us', version = 1, targets = [bedrockTarget()] } = overrides;
  return sealRoute(
    { model, residency, schema: 1, targets, baseline: [], dropped: 0, reason: 'first plan' },
    { version, at: Date.UTC(2026, 10, 21), digest: cryptoDigest },
  );
}
