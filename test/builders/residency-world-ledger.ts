/** Slots in a generated world: in a crowded one some targets are full, out of the ledger's reach, or too small. */
import { createMemoryCapacityLedger } from '#adapters/memory/memory-capacity-ledger.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import type { CapacityLedger, LeaseAnswer, LeaseDemand } from '#usecases/ports/capacity-ledger.ts';
import type { World } from './residency-world.ts';
import { createDice } from './residency-world-dice.ts';
import type { Tally } from './residency-world-tally.ts';

type Fate = 'free' | 'far' | 'full' | 'by-chance' | 'unknown' | 'never-fits';

const FATES: readonly Fate[] = ['free', 'far', 'full', 'full', 'by-chance', 'unknown', 'never-fits'];

export interface WorldLedger {
  readonly ledger: CapacityLedger;
  /** The world's, with slots for serverless targets too where it is crowded. */
  readonly config: SpillwayConfig;
  /** Whether the target never lacks a slot. */
  isFree(target: string): boolean;
  /** Leases that nobody has given back. */
  held(): number;
}

/** Of a sleeping target: whoever takes it lets it lapse. */
const isWakeWindow = ({ limit }: LeaseDemand): boolean => limit.target.endsWith('#wake');

export function createWorldLedger(world: World, tally: Tally): WorldLedger {
  const dice = createDice(`${world.seed} slots`);
  const isCrowded = dice.chance(0.4);
  const fateOf = (target: string): Fate =>
    isCrowded ? createDice(`${world.seed} slots of ${target}`).pick(FATES) : 'free';
  const own = createMemoryCapacityLedger();
  const held = new Set<string>();
  const refusalOf = (fate: Fate): (LeaseAnswer & { readonly granted: false })['reason'] | undefined => {
    if (fate === 'free' || fate === 'far') return undefined;
    if (fate !== 'by-chance') return fate;
    return dice.chance(0.5) ? 'full' : undefined;
  };
  const acquire = (demand: LeaseDemand): LeaseAnswer => {
    if (isWakeWindow(demand)) return own.acquire(demand);
    const reason = refusalOf(fateOf(demand.limit.target));
    if (reason !== undefined) tally.slotsDenied += 1;
    const answer: LeaseAnswer = reason === undefined ? own.acquire(demand) : { granted: false, reason };
    if (answer.granted) held.add(demand.leaseId);
    return answer;
  };
  const capacity = { ...world.config.capacity, serverlessSlots: 4 };
  return {
    ledger: {
      acquire: (demand) => {
        const isFar = fateOf(demand.limit.target) === 'far' || dice.chance(0.3);
        const answer = acquire(demand);
        return isFar ? Promise.resolve(answer) : answer;
      },
      renew: own.renew,
      release: (limit, leaseId, at) => {
        held.delete(leaseId);
        own.release(limit, leaseId, at);
      },
    },
    config: isCrowded ? { ...world.config, capacity } : world.config,
    isFree: (target) => ['free', 'far'].includes(fateOf(target)),
    held: () => held.size,
  };
}
