/** Pure decisions in a generated world: every one is judged against the truth, as if its whole plan were called. */

import { regionHealthKey } from '#core/decide/condition-keys.ts';
import { decide } from '#core/decide/decide.ts';
import type { Candidate, DecisionQuestion } from '#core/decide/decision.ts';
import { type TargetHealth, unknownHealth } from '#core/health/target-health.ts';
import { type ResidencyPolicy, resolveResidency } from '#core/residency/resolve-residency.ts';
import type { Target } from '#core/target.ts';
import { fewNeeds } from './few-needs.ts';
import type { World } from './residency-world.ts';
import type { Dice } from './residency-world-dice.ts';
import { boundsOf, breachOf, isPlainlyLawful } from './residency-world-judge.ts';
import { adversaryRows, honestRows } from './residency-world-rows.ts';
import { Breach, Denied, type Tally } from './residency-world-tally.ts';

const AT = Date.UTC(2026, 7, 21);
const USABLE: ReadonlySet<string> = new Set(['available', 'legacy', 'warm']);

/** @throws Breach, Denied */
export function judgeDecisions(
  world: World,
  options: {
    readonly dice: Dice;
    readonly planned: readonly Target[];
    readonly count: number;
    readonly tally: Tally;
  },
): void {
  const { dice, planned, count, tally } = options;
  const policies = Object.entries(world.residencies).map(([name, spec]) =>
    resolveResidency(name, spec, world.facts),
  );
  const rows = [...planned, ...honestRows(world), ...adversaryRows(dice, world, 24)];
  const healthOf = new Map(
    rows.flatMap((row) => [
      [row.id, someHealth(dice)],
      [regionHealthKey(row), regionHealth(dice)],
    ]),
  );
  for (let index = 0; index < count; index += 1) {
    const question = makeQuestion(world, { dice, policy: dice.pick(policies), rows, healthOf, index });
    tally.decisions += 1;
    judgeDecision(world, question, tally);
  }
}

function judgeDecision(world: World, question: DecisionQuestion, tally: Tally): void {
  const decision = decide(question);
  const { policy, gatewayRegion, tried, conditions } = question;
  const guarded = question.needs.work !== 'embedding' && question.needs.guardrail;
  const [best] = decision.kind === 'routed' ? decision.plan : [];
  const called = [...(decision.kind === 'routed' ? decision.plan : []), ...decision.wakeUps];
  for (const { target, tier } of called) {
    const breach = breachOf(world, { target, gatewayRegion, residency: policy.name, guarded });
    if (breach !== undefined) throw new Breach('decided', `${tier} ${target.id}: ${breach}`);
  }
  tally[decision.kind] += 1;
  if (decision.wakeUps.length > 0) tally.asleep += 1;
  if (best === undefined && guarded) return;
  if (best === undefined) {
    judgeRejection(world, question, decision.kind === 'rejected' ? decision.code : '');
    return;
  }
  if (tried.size > 0) tally.retried += 1;
  if (best.tier === 'baseline') tally.baselineFirst += 1;
  if (isProbe(best, conditions.health)) tally.probed += 1;
}

function isProbe({ target }: Candidate, health: ReadonlyMap<string, TargetHealth>): boolean {
  const kinds = [health.get(target.id)?.kind, health.get(regionHealthKey(target))?.kind];
  return kinds.includes('ejected') || kinds.includes('half-open');
}

/** Nothing that is lawful beyond doubt may be refused as unlawful, and what can be called now must be. */
function judgeRejection(world: World, question: DecisionQuestion, code: string): void {
  const { policy, gatewayRegion, targets, baseline, tried, conditions, full, at } = question;
  const lawful = (target: Target): boolean =>
    isPlainlyLawful(world, { target, gatewayRegion, residency: policy.name });
  const hasSlot = ({ id, share }: Target): boolean =>
    full?.has(id) !== true && (share === undefined || (share[gatewayRegion] ?? 0) > 0);
  const owed = [...targets.filter(({ state }) => USABLE.has(state)), ...baseline].find(
    (target) =>
      lawful(target) &&
      hasSlot(target) &&
      !tried.has(target.id) &&
      (conditions.resting.get(target.quotaPool) ?? 0) <= at,
  );
  if (owed !== undefined) throw new Denied(`${owed.id} is lawful and free, but the answer is ${code}`);
  const known = [...targets, ...baseline].find(lawful);
  if (code === 'no_lawful_target' && known !== undefined)
    throw new Denied(`${known.id} is lawful, but the answer is ${code}`);
}

function makeQuestion(
  world: World,
  options: {
    readonly dice: Dice;
    readonly policy: ResidencyPolicy;
    readonly rows: readonly Target[];
    readonly healthOf: ReadonlyMap<string, TargetHealth>;
    readonly index: number;
  },
): DecisionQuestion {
  const { dice, policy, rows, healthOf, index } = options;
  const bounds = boundsOf(world, world.residencies[policy.name] ?? {});
  const near = rows.filter(({ region }) => bounds === undefined || bounds.has(region));
  const gateways = world.gateways.filter((gateway) => bounds === undefined || bounds.has(gateway));
  const lot = dice.shuffle(dice.chance(0.6) ? near : rows);
  const targets = lot.slice(0, dice.between(0, 8));
  const baseline = lot.slice(8, 8 + dice.between(0, 3)).filter(({ kind }) => kind === 'bedrock');
  const offered = [...targets, ...baseline];
  const sick = dice.chance(0.6);
  return {
    policy,
    gatewayRegion:
      gateways.length > 0 && dice.chance(0.8) ? dice.pick(gateways) : dice.pick(world.regions).code,
    gatewayAccount: dice.pick(world.accounts).id,
    facts: world.facts,
    targets,
    baseline,
    needs: { ...fewNeeds, guardrail: dice.chance(0.05), inputTokensMin: 1 },
    limits: { inputTokensCeiling: 100 },
    disabled: new Set(),
    conditions: {
      health: sick ? healthOf : new Map(),
      resting: new Map(dice.some(offered, 0.05).map((target) => [target.quotaPool, AT + 1000])),
      inFlight: new Map(),
      refused: new Map(),
      grammars: new Map(),
    },
    tried: new Set(dice.chance(0.4) ? dice.some(offered, 0.4).map(({ id }) => id) : []),
    full: new Set(dice.chance(0.2) ? dice.some(offered, 0.5).map(({ id }) => id) : []),
    troubledRegions: new Set(dice.chance(0.2) ? [dice.pick(world.regions).code] : []),
    at: AT,
    requestId: `${world.seed}-${index}`,
  };
}

function someHealth(dice: Dice): TargetHealth {
  const base = { pace: [], ejections: 1, ejectedAt: AT - 4000, lastFailureAt: AT - 4000 };
  return dice.pick<TargetHealth>([
    unknownHealth,
    unknownHealth,
    { ...base, kind: 'ejected', until: AT + 1000 },
    { ...base, kind: 'ejected', until: AT - 1000 },
    { ...base, kind: 'half-open', probedAt: AT - 100 },
    { ...base, kind: 'half-open', probedAt: AT - 60_000 },
    { ...base, kind: 'returning', since: AT - 2000, until: AT + 8000 },
  ]);
}

function regionHealth(dice: Dice): TargetHealth {
  return dice.chance(0.85) ? unknownHealth : someHealth(dice);
}
