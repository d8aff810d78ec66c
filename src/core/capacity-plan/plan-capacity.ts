import { meanCall } from './copy-limits.ts';
import { type CopyKind, evaluateCopies, type PlanPoint, type ServerlessPrice } from './evaluate-copies.ts';
import { loadLevels } from './load-levels.ts';
import { scaledTraffic, type Traffic } from './traffic.ts';

/** Beyond it nobody plans by a formula. */
export const COPIES_MAX = 400;
/** Shown beyond the cheapest, so that one sees it rise again. */
const COPIES_BEYOND = 3;
const SENSITIVITY = [0.8, 1, 1.2] as const;

export interface CapacityQuestion {
  readonly traffic: Traffic;
  readonly kinds: readonly CopyKind[];
  /** What calls cost that find no room. @default - nothing serverless may answer: they are refused */
  readonly serverless?: ServerlessPrice | undefined;
  /** The largest share of calls that may go elsewhere, or be refused, 0 to 1. */
  readonly spillShareMax: number;
}

/** One kind of copy: the curve around its best number. */
export interface KindPlan {
  readonly kind: CopyKind;
  /** By copies, from 0 on without a gap. */
  readonly curve: readonly PlanPoint[];
  /** The cheapest that keeps to the share; undefined where none does. */
  readonly best: PlanPoint | undefined;
  /** More copies might have been cheaper, or carried enough, and were not tried. */
  readonly isCut: boolean;
  /**
   * Share of what a full copy can answer from which on it is cheaper than serverless; above 1 it never is. Undefined
   * where nothing serverless may answer, or a copy answers nothing.
   */
  readonly breakEvenShare: number | undefined;
}

/** What the chosen kind comes to when traffic is another. */
interface Sensitivity {
  readonly factor: number;
  /** With the copies that were chosen. */
  readonly kept: PlanPoint;
  /** With the best number for this traffic; undefined where none keeps to the share. */
  readonly best: PlanPoint | undefined;
}

export interface CapacityPlan {
  readonly kinds: readonly KindPlan[];
  /** Undefined where no kind has a best one. */
  readonly chosen: { readonly plan: KindPlan; readonly point: PlanPoint } | undefined;
  /** A month without copies. Undefined where nothing serverless may answer. */
  readonly serverlessMicroUsdPerMonth: number | undefined;
  readonly sensitivity: readonly Sensitivity[];
}

/** The cheapest number of copies of each kind, and the cheapest of them all; of equals, where less spills, then the fewer copies, then the first. */
export function planCapacity(question: CapacityQuestion): CapacityPlan {
  const kinds = question.kinds.map((kind) => planKind(question, kind));
  const found = kinds.flatMap((plan) => (plan.best === undefined ? [] : [{ plan, point: plan.best }]));
  const [first, ...others] = found;
  const chosen =
    first === undefined
      ? undefined
      : others.reduce((best, each) => (isCheaper(each.point, best.point) ? each : best), first);
  const alone = kinds[0]?.curve[0]?.microUsdPerMonth;
  return {
    kinds,
    chosen,
    serverlessMicroUsdPerMonth: question.serverless === undefined ? undefined : alone,
    sensitivity: chosen === undefined ? [] : sensitivityOf(question, chosen),
  };
}

function planKind(question: CapacityQuestion, kind: CopyKind): KindPlan {
  const { traffic, serverless, spillShareMax } = question;
  const levels = loadLevels(traffic.bins);
  const copiesMax = kind.limits.requests === 0 ? 0 : COPIES_MAX;
  const curve: PlanPoint[] = [];
  let best: PlanPoint | undefined;
  let isDecided = copiesMax === 0;
  for (let copies = 0; copies <= copiesMax; copies += 1) {
    const point = evaluateCopies({ levels, kind, copies, serverless });
    curve.push(point);
    const keeps = point.spillShare <= spillShareMax;
    if (keeps && (best === undefined || isCheaper(point, best))) best = point;
    // What copies cost alone only rises: none further on can be cheaper.
    isDecided ||= best !== undefined && point.copiesMicroUsdPerMonth >= best.microUsdPerMonth;
    if (isDecided && copies >= (best?.copies ?? 0) + COPIES_BEYOND) break;
  }
  return { kind, curve, best, isCut: !isDecided, breakEvenShare: breakEvenShare(question, kind) };
}

function isCheaper(left: PlanPoint, right: PlanPoint): boolean {
  if (left.microUsdPerMonth !== right.microUsdPerMonth) return left.microUsdPerMonth < right.microUsdPerMonth;
  if (left.spillShare !== right.spillShare) return left.spillShare < right.spillShare;
  return left.copies < right.copies;
}

function breakEvenShare(
  { traffic, serverless }: CapacityQuestion,
  { hosting, limits }: CopyKind,
): number | undefined {
  const call = meanCall(traffic.bins);
  if (serverless === undefined || limits.requests === 0) return undefined;
  const callMicroUsd =
    (call.inputTokens * serverless.inputMicroUsdPerMillionTokens +
      call.outputTokens * serverless.outputMicroUsdPerMillionTokens) /
    1_000_000;
  const elsewhere = callMicroUsd * limits.callsPerSecond * 3_600;
  return elsewhere === 0 ? undefined : hosting.microUsdPerHour / hosting.copiesPerInstance / elsewhere;
}

function sensitivityOf(
  question: CapacityQuestion,
  { plan, point }: { readonly plan: KindPlan; readonly point: PlanPoint },
): readonly Sensitivity[] {
  return SENSITIVITY.map((factor) => {
    const traffic = scaledTraffic(question.traffic, factor);
    const { best } = factor === 1 ? plan : planKind({ ...question, traffic }, plan.kind);
    const kept = evaluateCopies({
      levels: loadLevels(traffic.bins),
      kind: plan.kind,
      copies: point.copies,
      serverless: question.serverless,
    });
    return { factor, kept, best };
  });
}
