/**
 * Whether what a record tells stayed inside its residency: every place that had the request's words is judged anew, by
 * the one judgement that gateways make.
 */
import type { CompiledFacts } from '../facts/compile-facts.ts';
import { judgeGatewayRegion, judgeReach } from '../residency/judge-reach.ts';
import { EVERYWHERE } from '../residency/reach.ts';
import type { ResidencyPolicy } from '../residency/resolve-residency.ts';
import type { Scope, TargetKind } from '../target.ts';

/** Whom words were sent to, as a record tells it. */
export interface RecordedReach {
  readonly target: string;
  readonly region: string;
  readonly kind: TargetKind;
  readonly scope: Scope;
  readonly modelId: string;
  readonly profileId?: string | undefined;
  /** What the table said. */
  readonly statedReach: readonly string[];
  /** As the gateway judged it. */
  readonly reach: readonly string[];
}

export interface RecordToJudge {
  /** Of the gateway. */
  readonly region: string;
  /** False where the request was turned away before its body was read. */
  readonly hadWords: boolean;
  /** The request named a guardrail: nobody can tell where that reads. */
  readonly guardrail: boolean;
  readonly sent: readonly RecordedReach[];
}

export interface RecordViolation {
  /** A target's id, or `gateway`. */
  readonly where: string;
  /** Regions outside the residency; empty where nothing says where the words went. */
  readonly offending: readonly string[];
  readonly why: string;
}

export interface RecordVerdict {
  readonly violations: readonly RecordViolation[];
  /** One of each place that was sent to: all regions that may have had the words, judged over the record and the facts. */
  readonly reaches: readonly (readonly string[])[];
}

export function judgeRecord(
  record: RecordToJudge,
  { policy, facts }: { readonly policy: ResidencyPolicy; readonly facts: CompiledFacts },
): RecordVerdict {
  const besideReach = record.guardrail ? [EVERYWHERE] : [];
  const judged = record.sent.map((sent) => {
    // What the gateway knew of its reach then counts as well as what is known now.
    const reach = [...new Set([...sent.statedReach, ...sent.reach])];
    return { sent, verdict: judgeReach({ policy, facts, target: { ...sent, reach }, besideReach }) };
  });
  const gateway = judgeGatewayRegion(policy, record.region);
  const violations = judged.flatMap(({ sent: { target: where }, verdict }) =>
    verdict.lawful ? [] : [{ where, offending: verdict.offending, why: verdict.why }],
  );
  if (record.hadWords && !gateway.lawful)
    violations.unshift({ where: 'gateway', offending: gateway.offending, why: gateway.why });
  return {
    violations,
    reaches: judged.map(({ sent, verdict }) => (verdict.lawful ? verdict.reach : sent.reach)),
  };
}
