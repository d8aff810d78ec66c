/** What verify proved, and what it spent today. Written by verify alone. */
import type { Verification } from '#core/verify/verification.ts';

export interface Spending {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  readonly microUsd: number;
  readonly probes: number;
}

export interface VerificationStore {
  /** The last proof of every target. Bad items are left out. */
  loadAll(): Promise<readonly Verification[]>;
  /** Replaces the proof of the same target. */
  save(verification: Verification): Promise<void>;
  /** Undefined when nothing was ever spent. */
  loadSpending(): Promise<Spending | undefined>;
  saveSpending(spending: Spending): Promise<void>;
}
