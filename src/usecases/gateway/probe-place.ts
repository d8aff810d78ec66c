import { regionHealthKey } from '#core/decide/condition-keys.ts';
import { judgeHealth } from '#core/health/judge-health.ts';
import { withProbe } from '#core/health/step-shared-health.ts';
import type { Target } from '#core/target.ts';
import type { Clock } from '../ports/clock.ts';
import { bounded } from './bounded.ts';
import type { HealthBook } from './health-book.ts';
import type { SharedHealthView } from './shared-health-view.ts';

/** A request that is to be a probe waits for its place no longer. */
const PROBE_PLACE_MS_MAX = 100;

export interface ProbePlaceDependencies {
  readonly view: Pick<SharedHealthView, 'of' | 'change' | 'fail'>;
  readonly book: Pick<HealthBook, 'of' | 'begin'>;
  readonly clock: Clock;
  /** Names this process among those of its region. */
  readonly self: string;
}

/** Whether this request may be the probe of the target. Undefined where none is due, or nobody else knows of it. */
export function claimProbePlace(
  dependencies: ProbePlaceDependencies,
  target: Target,
): Promise<boolean> | undefined {
  const keys = target.kind === 'bedrock' ? [target.id, regionHealthKey(target)] : [target.id];
  const due = keys.filter((key) => isProbeDue(dependencies, key));
  if (due.length === 0) return undefined;
  // Whoever decides while the place is asked for sees that it is taken.
  dependencies.book.begin(target, dependencies.clock.now());
  return claimAll(dependencies, due);
}

function isProbeDue({ book, view, clock }: ProbePlaceDependencies, key: string): boolean {
  const own = book.of(key);
  const standing = view.of(key)?.standing;
  if (standing?.phase !== 'ejected' || own.episode !== standing.episode) return false;
  return judgeHealth(own, clock.now(), 0) === 'probe';
}

async function claimAll(
  { view, clock, self }: ProbePlaceDependencies,
  keys: readonly string[],
): Promise<boolean> {
  try {
    const claims = keys.map((key) =>
      view.change(key, (health) => withProbe(health, { by: self, at: clock.now() })),
    );
    const taken = await bounded(clock, PROBE_PLACE_MS_MAX, Promise.all(claims));
    return taken.every((each) => each);
  } catch (error) {
    // Nobody can say who probes: everybody by himself.
    view.fail(error);
    return true;
  }
}
