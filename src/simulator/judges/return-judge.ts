import type { SimulatedRequest } from '../world/simulated-request.ts';
import type { Ended } from '../world/world.ts';
import type { Judge } from './judge.ts';

/** Who answers what in a world in which nothing ever failed: targets by gateway, model and residency. */
export type UsualTargets = ReadonlyMap<string, ReadonlySet<string>>;

export function usualKey({ gateway, model, residency }: SimulatedRequest): string {
  return `${gateway} ${model} ${residency}`;
}

/** Collects them. */
export class UsualCollector {
  readonly targets = new Map<string, Set<string>>();

  ended({ request, target }: Ended): void {
    if (target === undefined) return;
    const key = usualKey(request);
    const known = this.targets.get(key) ?? new Set();
    this.targets.set(key, known.add(target));
  }
}

/**
 * Once everything has been whole for long enough, the same targets answer as in a world in which nothing failed: none
 * stays out for what is over.
 */
export function returnJudge(healedAtMs: number, usual: UsualTargets): Judge {
  return {
    name: 'return',
    phase: 'liveness',
    ended: ({ request, target }, report) => {
      if (request.atMs < healedAtMs || target === undefined) return;
      const known = usual.get(usualKey(request));
      if (known !== undefined && !known.has(target))
        report(`request ${request.id} to ${usualKey(request)} was answered by ${target}, as no other is`);
    },
  };
}
