/** The control plane's deployed handlers, invoked as EventBridge would, each with the keys of its own account. */
import type { Context } from 'aws-lambda';
import type { SpillwayConfig } from '#contract/config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { createDiscoverHandler } from '#lambdas/discover/handler.ts';
import { createPlanHandler } from '#lambdas/plan/handler.ts';
import { createVerifyHandler } from '#lambdas/verify/handler.ts';
import { createControlRuntime } from '#runtime/control-runtime.ts';
import { localCredentials } from '#runtime/local-account.ts';
import type { MetricSink } from '#usecases/ports/metric-sink.ts';
import type { Place } from './control-loop.ts';

export interface ControlHandlers {
  readonly places: readonly Place[];
  /** True when the region's report changed. */
  discover(place: Place): Promise<boolean>;
  plan(): Promise<void>;
  verify(): Promise<void>;
  close(): Promise<void>;
}

/** The stand-in has no rate limit to respect, and a person waits for the first round. */
const callsPerSecond = 200;
/** Under faults the first round still ends well within the time in which local mode promises to be ready. */
const discoverMsMax = 6_000;
/** What a function would be given; no handler of ours asks for more. */
const remainingMs = 60_000;

export function openControlHandlers(options: {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  readonly endpoint: string;
  /** @default nobody but the local CloudWatch is told */
  readonly metricsBeside?: MetricSink | undefined;
}): ControlHandlers {
  const { config, facts, endpoint, metricsBeside } = options;
  const { account, region } = config.home;
  const runtime = createControlRuntime({
    config,
    facts,
    region,
    endpoint,
    credentialsFor: (owner) => async () => localCredentials(owner),
    log: { write: () => undefined },
    ratePerSecond: callsPerSecond,
    discoverMsMax,
    metricsBeside,
  });
  const own = { account, region };
  const discover = createDiscoverHandler(() => ({ own, discover: runtime.discover }));
  const plan = createPlanHandler(() => runtime);
  const verify = createVerifyHandler(() => runtime);
  const context = { getRemainingTimeInMillis: () => remainingMs } as Context;
  return {
    places: runtime.setting.accountRegions,
    async discover(place) {
      const summary = await discover({ ...place }, context);
      return summary.kind === 'changed';
    },
    async plan() {
      await plan({}, context);
    },
    async verify() {
      await verify({}, context);
    },
    close: () => runtime.close(),
  };
}
