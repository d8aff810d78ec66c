import type { Removal } from '#core/decide/decision.ts';
import type { Observation } from '#core/discovery/observation.ts';
import { trafficRule } from '#core/plan/planned-model.ts';
import { judgeReach } from '#core/residency/judge-reach.ts';
import { targetId } from '#core/target.ts';
import type { Clock } from '../ports/clock.ts';
import type { ObservationStore } from '../ports/observation-store.ts';
import { bounded } from './bounded.ts';
import type { ChatJob } from './chat-job.ts';
import type { GatewayDependencies } from './gateway.ts';

/** An explanation is worth a short wait for its details, and no more. */
const READ_MS_MAX = 500;
/** Explanations that follow each other share one read, and one failure to read. */
const KEPT_MS = 5000;

/** What discovery saw, for explanations alone: no answer of a model waits for it or depends on it. */
export interface ObservedTargets {
  /** Never rejects; empty when it cannot be read in time. */
  load(): Promise<readonly Observation[]>;
}

export function createObservedTargets(ports: {
  readonly clock: Clock;
  readonly observations: Pick<ObservationStore, 'loadAll'>;
}): ObservedTargets {
  const { clock, observations } = ports;
  let last: { readonly atMs: number; readonly targets: Promise<readonly Observation[]> } | undefined;
  return {
    load() {
      const atMs = clock.monotonicMs();
      if (last === undefined || atMs - last.atMs >= KEPT_MS) last = { atMs, targets: read() };
      return last.targets;
    },
  };

  async function read(): Promise<readonly Observation[]> {
    try {
      const { regions } = await bounded(clock, READ_MS_MAX, observations.loadAll());
      return regions.flatMap(({ targets }) => targets);
    } catch {
      return [];
    }
  }
}

/** The model's targets that discovery knows and the route lacks because their reach leaves the residency, by id. */
export function leftOutForResidency(
  { config, facts }: Pick<GatewayDependencies, 'config' | 'facts'>,
  { placement, sourced, chat }: Pick<ChatJob, 'placement' | 'sourced' | 'chat'>,
  observed: readonly Observation[],
): readonly Removal[] {
  const { policy } = placement;
  const routed = new Set([...sourced.targets, ...sourced.baseline].map(({ id }) => id));
  const candidates = new Set(chat.modelConfig.candidates.map(({ id }) => id));
  const dedicated = new Set(chat.modelConfig.dedicated.map(targetId));
  const carriesTraffic = trafficRule(config.accounts);
  const isCandidate = ({ id, kind, account, region, modelId }: Observation): boolean =>
    kind === 'bedrock' ? candidates.has(modelId) && carriesTraffic(account, region) : dedicated.has(id);
  const ids = observed
    .filter((target) => !routed.has(target.id) && isCandidate(target))
    .filter((target) => !judgeReach({ policy, target, facts }).lawful)
    .map(({ id }) => id);
  return [...new Set(ids)].sort().map((target) => ({ target, by: 'residency', code: 'residency-forbidden' }));
}
