import type { Target } from '#core/target.ts';
import type { Clock } from '../ports/clock.ts';
import type { GatewayMetrics } from '../ports/gateway-metrics.ts';
import type { UpstreamFailure } from '../ports/model-invoker.ts';
import type { RouteStore } from '../ports/route-store.ts';

/** The same news of the same target is told once in this time. */
const REPEAT_MS = 60_000;
/** Writes under way at a time; more are dropped and counted: the next failure tells it again. */
const WRITES_MAX = 8;
const KNOWN_MAX = 10_000;

/** Tells the control plane of a target's own faults. Never waits, never throws: an answer does not depend on it. */
export interface SignalReporter {
  report(target: Target, outcome: string, failure: UpstreamFailure): void;
}

export function createSignalReporter(dependencies: {
  readonly region: string;
  readonly routes: Pick<RouteStore, 'saveSignal'>;
  readonly clock: Clock;
  readonly metrics: GatewayMetrics;
}): SignalReporter {
  const { region, routes, clock, metrics } = dependencies;
  const toldAt = new Map<string, number>();
  let writing = 0;
  const write = async (signal: Parameters<RouteStore['saveSignal']>[0], key: string): Promise<void> => {
    writing += 1;
    try {
      await routes.saveSignal(signal);
    } catch {
      toldAt.delete(key);
      metrics.count('signal-lost');
    } finally {
      writing -= 1;
    }
  };
  return {
    report: (target, outcome, failure) => {
      const at = clock.now();
      const key = `${target.id} ${outcome}`;
      if (at - (toldAt.get(key) ?? Number.NEGATIVE_INFINITY) < REPEAT_MS) return;
      if (writing >= WRITES_MAX) return metrics.count('signal-lost');
      if (toldAt.size >= KNOWN_MAX) toldAt.clear();
      toldAt.set(key, at);
      const { errorName } = failure.signal;
      void write({ target: target.id, gatewayRegion: region, outcome, errorName, at }, key);
    },
  };
}
