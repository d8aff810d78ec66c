/** Proofs and what they cost, in memory: for tests and the simulator. */
import type { Verification } from '#core/verify/verification.ts';
import type { Spending, VerificationStore } from '#usecases/ports/verification-store.ts';

export function createMemoryVerificationStore(): VerificationStore {
  const proofs = new Map<string, Verification>();
  let spending: Spending | undefined;
  return {
    loadAll: async () => [...proofs.values()],
    save: async (verification) => {
      proofs.set(verification.target, verification);
    },
    loadSpending: async () => spending,
    saveSpending: async (next) => {
      spending = next;
    },
  };
}
