import type { SimulatedRequest } from '../world/simulated-request.ts';
import type { Judge } from './judge.ts';

/**
 * Once everything has been whole for long enough, every request that is lawful where it comes to is answered at the first
 * call: nothing stays ejected, resting, full or forgotten because of what is over.
 *
 * @param isOwed whether anything could lawfully answer it, were it well
 */
export function recoveryJudge(healedAtMs: number, isOwed: (request: SimulatedRequest) => boolean): Judge {
  return {
    name: 'recovery',
    phase: 'liveness',
    ended: ({ request, status, attempts, view }, report) => {
      if (request.atMs < healedAtMs || request.leavesAfterMs !== undefined || status === 421) return;
      if (!isOwed(request)) return;
      if (status !== 200 || view.ends !== 1)
        report(
          `request ${request.id} to ${request.gateway} for ${request.model} ended with ${status}, ${view.ends} ends`,
        );
      else if (attempts !== 1) report(`request ${request.id} to ${request.gateway} needed ${attempts} calls`);
    },
  };
}
