import type { Random } from '#core/units/random.ts';
import type { Arrival, ArrivalSource } from './arrival.ts';
import { type LengthsSpec, lengthsSampler } from './lengths.ts';
import { type RateSpec, ratePieces } from './rate-curve.ts';
import { gapSampler, type Process } from './renewal.ts';
import type { Sampler } from './samplers.ts';
import { createTimeWarp } from './time-warp.ts';
import { type Weighted, weightedChoice } from './weighted-choice.ts';

/** What one kind of request asks for. */
interface Demand {
  readonly model: string;
  readonly tenant?: string;
  readonly lengths: LengthsSpec;
}

export interface GeneratedTraffic {
  readonly region: string;
  readonly rate: RateSpec;
  /** @default Poisson */
  readonly process?: Process;
  /** Who asks for what: each request is one of these. */
  readonly demands: readonly Weighted<Demand>[];
  /** Nothing arrives from then on. */
  readonly untilMs: number;
}

/** Traffic of one region by a law: any rate over the day, any gaps, any mix of models, tenants and lengths. */
export function createGeneratedSource(traffic: GeneratedTraffic, random: Random): ArrivalSource {
  const instants = instantSampler(traffic, random);
  const choose = weightedChoice(
    traffic.demands.map(({ choice, weight }) => ({
      choice: { demand: choice, lengths: lengthsSampler(choice.lengths, random) },
      weight,
    })),
    random,
  );
  let dueMs = instants();
  return {
    nextMs: () => dueMs,
    next: (): Arrival | undefined => {
      if (dueMs === Number.POSITIVE_INFINITY) return undefined;
      const { demand, lengths } = choose();
      const { inputTokens, outputTokens } = lengths();
      const arrival = {
        atMs: dueMs,
        region: traffic.region,
        model: demand.model,
        tenant: demand.tenant,
        inputTokens,
        outputTokens,
      };
      dueMs = instants();
      return arrival;
    },
  };
}

/** Gaps before the run, after which the first one inside has the law of any moment. */
const WARM_UP_GAPS = 200;

/** Instants of arrivals, one later than the other, and infinity once the time is up. */
export function instantSampler(
  { rate, process = { law: 'poisson' }, untilMs }: Pick<GeneratedTraffic, 'rate' | 'process' | 'untilMs'>,
  random: Random,
): Sampler {
  const gap = gapSampler(process, random);
  const warp = createTimeWarp(ratePieces(rate, untilMs));
  // The process has been going on for long when the run begins: a run that began with a whole gap, or with none, would
  // begin too quietly or too loudly where gaps vary.
  let operational = -WARM_UP_GAPS - random.next();
  while (operational < 0) operational += gap();
  return () => {
    const atMs = warp.timeOf(operational);
    operational += gap();
    return atMs;
  };
}
