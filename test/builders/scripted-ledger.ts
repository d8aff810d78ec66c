/** Slots that are granted, refused or kept silent about as a test says; every question is kept. */
import {
  type CapacityLedger,
  LEASE_MS,
  type LeaseAnswer,
  type LeaseDemand,
} from '#usecases/ports/capacity-ledger.ts';

type Refusal = (LeaseAnswer & { readonly granted: false })['reason'];

export interface ScriptedLedger extends CapacityLedger {
  readonly demands: readonly LeaseDemand[];
  /** Leases that are held now. */
  readonly held: ReadonlySet<string>;
  /** In order; leases that were given back, once for each time. */
  readonly released: readonly string[];
  readonly renewed: readonly string[];
  /** KV tokens that renewals told of, 0 where none. */
  readonly grown: readonly number[];
}

export interface LedgerScript {
  /** What the target says to a demand. @default - granted */
  readonly answer?: (demand: LeaseDemand) => Refusal | 'granted';
  /** Answers by promises, as one that needs a store. @default false */
  readonly isRemote?: boolean;
  /** Whether a renewal finds its lease. @default true */
  readonly stands?: () => boolean;
  /** What a release waits for. @default - nothing */
  readonly releasing?: Promise<void>;
}

export function createScriptedLedger(script: LedgerScript = {}): ScriptedLedger {
  const { answer = () => 'granted', isRemote = false, stands = () => true, releasing } = script;
  const demands: LeaseDemand[] = [];
  const held = new Set<string>();
  const released: string[] = [];
  const renewed: string[] = [];
  const grown: number[] = [];
  const told = <Value>(value: Value): Value | Promise<Value> => (isRemote ? Promise.resolve(value) : value);
  return {
    demands,
    held,
    released,
    renewed,
    grown,
    acquire: (demand) => {
      demands.push(demand);
      const said = answer(demand);
      if (said !== 'granted') return told<LeaseAnswer>({ granted: false, reason: said });
      held.add(demand.leaseId);
      return told<LeaseAnswer>({ granted: true, expiresAt: demand.at + LEASE_MS });
    },
    renew: (_limit, leaseId, { grownTo = 0 }) => {
      renewed.push(leaseId);
      grown.push(grownTo);
      return told(stands());
    },
    release: (_limit, leaseId) => {
      released.push(leaseId);
      held.delete(leaseId);
      return releasing ?? told(undefined);
    },
  };
}
