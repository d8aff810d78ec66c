import { HOURS_PER_MONTH } from '#core/capacity-plan/evaluate-copies.ts';
import type { KindPlan } from '#core/capacity-plan/plan-capacity.ts';
import { totalOf } from '#core/capacity-plan/traffic.ts';
import type { MadePlan } from './make-plan.ts';

/** A plan for programs: money in micro-USD, shares from 0 to 1. */
export function planJson(made: MadePlan) {
  const { model, residency, region, read, level, plan, kinds } = made;
  const { chosen } = plan;
  return {
    ...{ model, residency, region },
    holds: made.holds,
    traffic: { from: read.from, bins: read.traffic.bins.length, ...totalOf(read.traffic.bins) },
    level,
    serverless: {
      target: made.spillTarget ?? null,
      ...made.price,
      keepsLevel: made.serverlessSpeed,
      microUsdPerMonth: plan.serverlessMicroUsdPerMonth ?? null,
    },
    spillShareMax: made.spillShareMax,
    hoursPerMonth: HOURS_PER_MONTH,
    chosen:
      chosen === undefined
        ? null
        : { ...placeOf(chosen.plan), ...chosen.point, limits: chosen.plan.kind.limits },
    sensitivity: plan.sensitivity.map(({ factor, kept, best }) => ({ factor, kept, best: best ?? null })),
    options: plan.kinds.map((option, index) => ({
      ...placeOf(option),
      speedSource: kinds[index]?.speedSource ?? '',
      limits: option.kind.limits,
      best: option.best ?? null,
      isCut: option.isCut,
      breakEvenShare: option.breakEvenShare ?? null,
      curve: option.curve,
    })),
    notReckonedWith: made.left,
    notes: made.notes,
  };
}

function placeOf({ kind: { hosting } }: KindPlan) {
  const { instanceType, gpusPerCopy, copiesPerInstance, microUsdPerHour } = hosting;
  return { instanceType, gpusPerCopy, copiesPerInstance, microUsdPerHour };
}
