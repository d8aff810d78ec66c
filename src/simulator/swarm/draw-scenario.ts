import type { SpillwayConfig } from '#contract/config.ts';
import { callTroubles, type Fault, type SwarmScenario } from '#contract/swarm-scenario.ts';
import { lanes } from '#core/capacity/lane.ts';
import { Chance, type Draw } from '../engine/chance.ts';

const FAULT_SECONDS = 120;
/** Longer than anything that the product rests, ejects or remembers of a failure. */
const CALM_SECONDS = 900;
const FAULTS_MAX = 6;
const SKEW_MS_MAX = 2_000;

/** Draws a subset of everything that can be: each kind of trouble is absent from most runs, so that none hides another. */
export function drawScenario(seed: string, config: SpillwayConfig): SwarmScenario {
  const draw = new Chance(seed).stream('options');
  const skewed = draw.happens(0.4);
  return {
    seed,
    faultSeconds: FAULT_SECONDS,
    calmSeconds: CALM_SECONDS,
    rates: drawRates(draw),
    streamedShare: draw.pick([0, 0.5, 1]),
    leavingShare: draw.pick([0, 0, 0.05, 0.3]),
    deadlineShare: draw.pick([0, 0, 0.2]),
    lanes: draw.happens(0.5) ? ['standard'] : lanes,
    replicationMs: draw.pick([0, 1_000, 10_000]),
    skewMs: Object.fromEntries(
      config.gateways.map((region) => [region, skewed ? draw.whole(-SKEW_MS_MAX, SKEW_MS_MAX) : 0]),
    ),
    faults: drawFaults(draw, config),
  };
}

function drawRates(draw: Draw): SwarmScenario['rates'] {
  const perSecond = draw.pick([0.5, 2, 6]);
  const base = [{ fromSeconds: 0, perSecond }];
  if (draw.happens(0.6)) return base;
  const burstSeconds = draw.whole(20, 80);
  return [
    ...base,
    { fromSeconds: burstSeconds, perSecond: perSecond * 10 },
    { fromSeconds: burstSeconds + draw.whole(5, 20), perSecond },
  ];
}

function drawFaults(draw: Draw, config: SpillwayConfig): readonly Fault[] {
  const count = draw.whole(0, FAULTS_MAX);
  return Array.from({ length: count }, () => drawFault(draw, config));
}

function drawFault(draw: Draw, config: SpillwayConfig): Fault {
  const fromSeconds = draw.whole(0, FAULT_SECONDS - 20);
  const untilSeconds = Math.min(FAULT_SECONDS, fromSeconds + draw.whole(5, 90));
  const when = { fromSeconds, untilSeconds };
  const regions = config.accounts.flatMap((account) => account.regions);
  const models = Object.values(config.models).filter(({ kind }) => kind === 'chat');
  const endpoints = models.flatMap(({ dedicated }) => dedicated.map(({ endpoint }) => endpoint));
  const kinds = ['region', 'region', 'region', 'model', 'table', 'catalogue', 'planted', 'cold'] as const;
  const kind = draw.pick(kinds);
  switch (kind) {
    case 'region':
      return { ...when, kind, region: draw.pick(regions), trouble: draw.pick(callTroubles) };
    case 'model': {
      const modelId = draw.pick(models.flatMap(({ candidates }) => candidates.map(({ id }) => id)));
      return { ...when, kind, modelId, trouble: draw.pick(callTroubles) };
    }
    case 'table':
      return { ...when, kind, region: draw.pick(config.gateways), trouble: draw.pick(['dark', 'hangs']) };
    case 'catalogue':
      return {
        ...when,
        kind,
        region: draw.pick(regions),
        trouble: draw.pick(['throttled', 'empty', 'poisoned']),
      };
    case 'planted':
      return { ...when, kind, region: draw.pick(config.gateways) };
    case 'cold':
      return endpoints.length === 0
        ? { ...when, kind: 'planted', region: draw.pick(config.gateways) }
        : { ...when, kind, endpoint: draw.pick(endpoints) };
  }
}
