/** What is known of tenants' calls in memory: for tests, and any number of gateways in one process. */
import type { CarriedTerms } from '#core/chain/carried-terms.ts';
import { type ChainBefore, placeInChain } from '#core/chain/place-in-chain.ts';
import type { LearnedStore, StoredLearned } from '#usecases/ports/learned-store.ts';

export function createMemoryLearnedStore(): LearnedStore {
  const items = new Map<string, StoredLearned>();
  const chains = new Map<string, ChainBefore>();
  const begun = new Map<string, CarriedTerms>();
  return {
    load: async (tenant) => items.get(tenant),
    save: async (tenant, item, { seen }) => {
      if (items.get(tenant)?.revision !== seen) return false;
      items.set(tenant, item);
      return true;
    },
    begin: async ({ tenant, traceId, terms }) => {
      const key = `${tenant} ${traceId}`;
      const stood = begun.get(key);
      if (stood === undefined) begun.set(key, terms);
      return stood;
    },
    note: async (call) => {
      const key = `${call.tenant} ${call.traceId}`;
      const before = chains.get(key);
      const { firstModel, route } = before ?? { firstModel: call.model, route: call.route };
      const models = new Set(before?.models);
      if (call.needsModel) models.add(call.model);
      chains.set(key, { firstModel, route, cold: before?.cold === true || call.isCold, models });
      return placeInChain(before, call);
    },
  };
}
