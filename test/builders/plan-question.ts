/** Questions to plan for tests: one model with one candidate in US regions, unless a test says otherwise. */

import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import type { Observation } from '#core/discovery/observation.ts';
import { indexObservations } from '#core/plan/observation-index.ts';
import type { PlanQuestion, RoutePlan } from '#core/plan/plan-route.ts';
import { planRoute } from '#core/plan/plan-route.ts';
import type { PlannedModel } from '#core/plan/planned-model.ts';
import type { Route } from '#core/plan/route.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { plainObservation, regionReport } from '#test/builders/routes.ts';
import { sealRoute } from '#usecases/plan/seal-route.ts';

export const planAccount = '111111111111';
export const planAt = Date.UTC(2026, 7, 21);
export const lite = 'amazon.nova-lite-v1:0';

export const policies = {
  us: resolveResidency('us', { jurisdictions: ['US'] }, shippedFacts),
  eu: resolveResidency('eu', { jurisdictions: ['EU'] }, shippedFacts),
  anywhere: resolveResidency('anywhere', { jurisdictions: 'any' }, shippedFacts),
};

export const plannedModel = (changes: Partial<PlannedModel> = {}): PlannedModel => ({
  name: 'chat',
  kind: 'chat',
  candidates: [{ id: lite }],
  dedicated: [],
  ...changes,
});

export type QuestionChanges = Partial<Omit<PlanQuestion, 'observations'>> & {
  readonly observed?: readonly Observation[];
  /** When every region last reported. @default a second ago */
  readonly reportedAt?: number;
  readonly accounts?: Parameters<typeof indexObservations>[0]['accounts'];
};

export const observedIn = (...regions: readonly string[]): readonly Observation[] =>
  regions.map((region) => plainObservation(region));

export function planQuestion(changes: QuestionChanges = {}): PlanQuestion {
  const { observed = observedIn(...three), reportedAt = planAt - 1_000, accounts, ...rest } = changes;
  const places = [...new Set(observed.map((each) => `${each.account}/${each.region}`))];
  const regions = places.map((place) => {
    const [account = '', region = ''] = place.split('/');
    const targets = observed.filter((each) => each.account === account && each.region === region);
    return regionReport(region, targets, { account, at: reportedAt });
  });
  const owners = accounts ?? [
    { id: planAccount, regions: [...new Set(observed.map((each) => each.region))] },
  ];
  return {
    model: plannedModel(),
    policy: policies.us,
    facts: shippedFacts,
    observations: indexObservations({ regions, accounts: owners, at: planAt, ageMsMax: 900_000 }),
    denied: new Map(),
    sharing: { gateways: ['us-east-1', 'us-west-2'], policies: Object.values(policies), remoteShare: 0.1 },
    previous: undefined,
    hold: undefined,
    limits: { vanishShareMax: 0.3 },
    baseline: [],
    ...rest,
  };
}

/** The route that a plan would publish over `before`. */
export function published(plan: RoutePlan, before?: Route): Route {
  if (plan.draft === undefined) throw new Error(`nothing to publish: ${plan.kind}, ${plan.why}`);
  return sealRoute(plan.draft, { version: (before?.version ?? 0) + 1, at: planAt, digest: cryptoDigest });
}

/** The route as it stands after a first plan over these observations. */
export function standing(changes: QuestionChanges = {}): Route {
  return published(planRoute(planQuestion(changes)));
}

export const idsOf = (plan: RoutePlan): readonly string[] | undefined =>
  plan.draft?.targets.map((target) => target.id);

/** The regions that a question observes unless it says otherwise. */
export const three = ['us-east-1', 'us-east-2', 'us-west-2'] as const;

/** The id of the model's own target there. */
export const idIn = (region: string): string => `${planAccount}/${region}/${lite}`;

/** A stop of an operator on the route of these questions. */
export const hold = {
  model: 'chat',
  residency: 'us',
  by: 'ada',
  reason: 'incident',
  until: '2026-08-22T00:00:00.000Z',
};
