import type { Conditions, DecisionQuestion } from '#core/decide/decision.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { fewNeeds, type NeedsOfChat } from '#test/builders/few-needs.ts';

export const noConditions: Conditions = {
  health: new Map(),
  resting: new Map(),
  inFlight: new Map(),
  refused: new Map(),
  grammars: new Map(),
};

export const usPolicy = resolveResidency('us', { jurisdictions: ['US'] }, shippedFacts);
export const euPolicy = resolveResidency('eu', { jurisdictions: ['EU'] }, shippedFacts);
export const anywhere = resolveResidency('anywhere', { jurisdictions: 'any' }, shippedFacts);

/** The question of a chat that needs this. */
export function aQuestionNeeding(changes: Partial<NeedsOfChat>): DecisionQuestion {
  return aQuestion({ needs: { ...fewNeeds, ...changes } });
}

/** A question under `us`, asked of the gateway in us-east-1. */
export function aQuestion(changes: Partial<DecisionQuestion> = {}): DecisionQuestion {
  return {
    policy: usPolicy,
    gatewayRegion: 'us-east-1',
    gatewayAccount: '111111111111',
    facts: shippedFacts,
    targets: [],
    baseline: [],
    needs: fewNeeds,
    limits: { inputTokensCeiling: 1000 },
    disabled: new Set(),
    conditions: noConditions,
    tried: new Set(),
    troubledRegions: new Set(),
    at: 1_000_000,
    requestId: 'request-1',
    ...changes,
  };
}
