import { type Denial, deniedTargets } from '#core/plan/denied-targets.ts';
import type { Clock } from '../ports/clock.ts';
import type { RouteStore } from '../ports/route-store.ts';
import type { VerificationStore } from '../ports/verification-store.ts';
import { bounded } from './bounded.ts';

/** A refusal on the data path, and who met it. */
interface ShownDenial extends Denial {
  readonly by: 'signal' | 'verification';
}

export type Denials = ReadonlyMap<string, ShownDenial>;

interface DenialSources {
  readonly clock: Clock;
  readonly routes: Pick<RouteStore, 'loadSignals'>;
  readonly verifications: Pick<VerificationStore, 'loadAll'>;
}

/**
 * Which targets calls were refused by, by target id. Never rejects: without both the signals and the proofs nothing is
 * said, because a later proof clears a signal.
 */
export async function loadDenials(sources: DenialSources, milliseconds: number): Promise<Denials> {
  const { clock, routes, verifications: proofs } = sources;
  try {
    const reads = Promise.all([routes.loadSignals(), proofs.loadAll()]);
    const [signals, verifications] = await bounded(clock, milliseconds, reads);
    const denied = deniedTargets({ signals, verifications, at: clock.now() });
    const told = new Set(signals.map(({ target, at }) => `${target} ${at}`));
    return new Map(
      [...denied].map(([id, denial]) => [
        id,
        { ...denial, by: told.has(`${id} ${denial.at}`) ? 'signal' : 'verification' },
      ]),
    );
  } catch {
    return new Map();
  }
}
