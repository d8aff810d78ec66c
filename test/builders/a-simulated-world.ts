/** A world of the example's accounts, in which targets serve as a test plans it. */
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import type { SentCall } from '#simulator/world/simulated-invoker.ts';
import { type Ended, World, type WorldOptions } from '#simulator/world/world.ts';
import type { RequestRecord } from '#usecases/ports/gateway-metrics.ts';
import { acmeConfig } from './configs.ts';
import { shippedFacts } from './facts.ts';
import { worldStartMs } from './judged-history.ts';
import { PlannedServing, wholeAnswer } from './planned-serving.ts';

interface Witnessed {
  readonly sent: SentCall[];
  readonly ended: Ended[];
  readonly recorded: { readonly record: RequestRecord; readonly gateway: string }[];
  readonly defects: string[];
}

/** Begun: every gateway has its routes. */
export async function aSimulatedWorld({
  planOf = wholeAnswer,
  ...changes
}: Partial<WorldOptions> & { readonly planOf?: ConstructorParameters<typeof PlannedServing>[1] } = {}) {
  const history: Witnessed = { sent: [], ended: [], recorded: [], defects: [] };
  let serving: PlannedServing | undefined;
  const world = new World({
    seed: '1',
    config: acmeConfig(),
    facts: shippedFacts,
    digest: cryptoDigest,
    startMs: worldStartMs,
    // Gateways begin with the first plan's routes, and not with the baseline.
    replicationMs: 0,
    serving: (time) => {
      serving = new PlannedServing(time, planOf);
      return serving;
    },
    witness: {
      sent: (call) => void history.sent.push(call),
      ended: (ended) => void history.ended.push(ended),
      recorded: (record, gateway) => void history.recorded.push({ record, gateway }),
      defect: (event) => void history.defects.push(event),
    },
    ...changes,
  });
  await world.begin();
  return { world, history, serving: () => serving };
}
