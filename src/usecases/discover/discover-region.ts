/**
 * usecases/discover: one run over one account and region.
 *
 * Invariant: what could be learned is published, whatever else failed; nothing is concluded from a failure. A run
 * never outlives its deadline. The observation store owns the state; one run at a time writes one region.
 *
 *     load ─ ask AWS (ask-region) ─ observe (core/discovery) ─ keep (keep-observations) ─ metrics, log
 */
import type { RegionObservations } from '#core/discovery/observation.ts';
import { observeRegion } from '#core/discovery/observe-region.ts';
import { availabilityPoints } from '#core/metrics/availability-points.ts';
import type { Log } from '../ports/log.ts';
import type { MetricSink } from '../ports/metric-sink.ts';
import { type AskDependencies, type AskRequest, askRegion } from './ask-region.ts';
import {
  type KeepDependencies,
  type KeptObservations,
  keepObservations,
  loadLastReport,
  storeFailure,
} from './keep-observations.ts';

export interface DiscoverDependencies extends AskDependencies, KeepDependencies {
  readonly metrics: MetricSink;
  readonly log: Log;
}

export interface DiscoverRequest extends AskRequest {
  readonly account: string;
  readonly region: string;
}

export interface DiscoverOutcome extends KeptObservations {
  readonly account: string;
  readonly region: string;
  readonly durationMs: number;
}

export async function discoverRegion(
  dependencies: DiscoverDependencies,
  request: DiscoverRequest,
): Promise<DiscoverOutcome> {
  const { clock, log } = dependencies;
  const { account, region, tracked, dedicated } = request;
  const startedMs = clock.monotonicMs();
  const finish = (kept: KeptObservations): DiscoverOutcome => ({
    account,
    region,
    durationMs: clock.monotonicMs() - startedMs,
    ...kept,
  });
  let previous: RegionObservations | undefined;
  try {
    previous = await loadLastReport(dependencies, account, region);
  } catch (error) {
    // Without the last report an absence could not be told from a first sight: nothing may be written.
    const failure = storeFailure(error);
    log.write('error', 'discover-not-stored', { account, region, failure });
    return finish({ kind: 'not-stored', observations: undefined, changes: [], failures: [failure] });
  }
  const answers = await askRegion(dependencies, request, previous);
  const observations = observeRegion({
    account,
    region,
    at: clock.now(),
    previous,
    answers,
    tracked,
    dedicated,
  });
  const outcome = finish(await keepObservations(dependencies, previous, observations));
  await dependencies.metrics.publish(availabilityPoints(observations, tracked));
  report(log, outcome);
  return outcome;
}

function report(log: Log, outcome: DiscoverOutcome): void {
  const { account, region, kind, failures, changes, durationMs, observations } = outcome;
  const level = kind === 'not-stored' ? 'error' : failures.length > 0 ? 'warn' : 'info';
  log.write(level, 'discover-run', {
    account,
    region,
    kind,
    targets: observations?.targets.length ?? 0,
    changes: changes.length,
    failures,
    durationMs: Math.round(durationMs),
  });
  for (const change of changes) {
    log.write('info', 'target-changed', {
      target: change.target,
      from: change.from ?? null,
      to: change.to,
      reasons: change.reasons,
    });
  }
}
