import type { DecisionRecord } from '#contract/audit-record.ts';
import { judgeRecord, type RecordViolation } from '#core/audit/judge-record.ts';
import { allowsTheSame, policyRecorded } from '#core/audit/recorded-policy.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { ResidencyPolicy } from '#core/residency/resolve-residency.ts';
import { isWhole, type ReadChain, readTrail, type TrailToRead } from './read-trail.ts';

export interface ResidencyQuestion extends Omit<TrailToRead, 'take' | 'takeUnreadable'> {
  readonly tenant: string;
  readonly facts: CompiledFacts;
  /** As the configuration has them today. */
  readonly policies: ReadonlyMap<string, ResidencyPolicy>;
}

interface PlacedViolation extends RecordViolation {
  readonly id: string;
  readonly at: string;
  readonly residency: string;
}

interface RegionTally {
  readonly region: string;
  /** Calls that were sent there. */
  readonly called: number;
  /** Calls that may have run there: their reach has it. */
  readonly reached: number;
}

export interface ResidencyTally {
  readonly residency: string;
  readonly decisions: number;
  /** Of them, those that sent no words to any target. */
  readonly unsent: number;
  /** Decisions that it bound with another meaning than today's. */
  readonly boundOtherwise: number;
  readonly regions: readonly RegionTally[];
}

export interface ResidencyProof {
  readonly tenant: string;
  /** There are decisions, every one was judged anew and is lawful, and no record is missing or changed. */
  readonly proven: boolean;
  /** The trail is whole, and has no decision for the tenant in the period: nothing to prove. */
  readonly isNothing: boolean;
  readonly decisions: number;
  readonly residencies: readonly ResidencyTally[];
  /** The first of them. */
  readonly violations: readonly PlacedViolation[];
  readonly violationsFound: number;
  /** Records of the tenant that nobody can judge. */
  readonly unreadable: number;
  readonly chains: readonly ReadChain[];
}

const VIOLATIONS_SHOWN_MAX = 100;

/**
 * Judges every recorded decision for a tenant anew: each place that had its words against what its residency allowed
 * when it was decided, over what the record says and what the facts know today.
 *
 * @throws HouseError where an archive cannot be read
 */
export async function proveResidency(question: ResidencyQuestion): Promise<ResidencyProof> {
  const { tenant, facts, policies } = question;
  const tallies = new Map<string, Tally>();
  const violations: PlacedViolation[] = [];
  let [violationsFound, unreadable, decisions] = [0, 0, 0];
  const take = (record: DecisionRecord): void => {
    if (record.tenant !== tenant) return;
    decisions += 1;
    const { residency, allowed, id, at } = record;
    const policy = policyRecorded(residency, allowed ?? []);
    const tally = tallies.get(residency) ?? new Tally(residency, policies.get(residency));
    tallies.set(residency, tally);
    const verdict = judgeRecord(recordToJudge(record), { policy, facts });
    tally.add(record, policy, verdict.reaches);
    violationsFound += verdict.violations.length;
    for (const violation of verdict.violations)
      if (violations.length < VIOLATIONS_SHOWN_MAX) violations.push({ id, at, residency, ...violation });
  };
  const takeUnreadable = (record: { readonly tenant: string }): void => {
    if (record.tenant === tenant) unreadable += 1;
  };
  const chains = await readTrail({ ...question, take, takeUnreadable });
  const isClean = violationsFound === 0 && unreadable === 0 && chains.every(isWhole);
  return {
    tenant,
    proven: isClean && decisions > 0,
    isNothing: isClean && decisions === 0,
    decisions,
    residencies: [...tallies.values()].map((tally) => tally.told()).sort(byResidency),
    violations,
    violationsFound,
    unreadable,
    chains,
  };
}

/** Refused before the body was read: what bound it was not known, or this gateway must not know its words. */
function hadWords({ residency, outcome }: DecisionRecord): boolean {
  return residency !== '' && outcome !== 'wrong_gateway_region';
}

function recordToJudge(record: DecisionRecord): Parameters<typeof judgeRecord>[0] {
  const woken = (record.woken ?? []).filter(({ words }) => words === 'callers');
  return {
    region: record.region,
    hadWords: hadWords(record),
    guardrail: record.decisions.some(
      ({ asked: { needs } }) => needs.work !== 'embedding' && needs.guardrail === true,
    ),
    sent: [...record.attempts, ...woken],
  };
}

class Tally {
  readonly #residency: string;
  readonly #today: ResidencyPolicy | undefined;
  readonly #called = new Map<string, number>();
  readonly #reached = new Map<string, number>();
  #decisions = 0;
  #unsent = 0;
  #boundOtherwise = 0;

  constructor(residency: string, today: ResidencyPolicy | undefined) {
    this.#residency = residency;
    this.#today = today;
  }

  add(record: DecisionRecord, policy: ResidencyPolicy, reaches: readonly (readonly string[])[]): void {
    const { sent } = recordToJudge(record);
    this.#decisions += 1;
    if (sent.length === 0) this.#unsent += 1;
    if (this.#residency !== '' && (this.#today === undefined || !allowsTheSame(policy, this.#today)))
      this.#boundOtherwise += 1;
    for (const { region } of sent) count(this.#called, region);
    for (const reach of reaches) for (const region of reach) count(this.#reached, region);
  }

  told(): ResidencyTally {
    const regions = [...new Set([...this.#called.keys(), ...this.#reached.keys()])].sort();
    return {
      residency: this.#residency,
      decisions: this.#decisions,
      unsent: this.#unsent,
      boundOtherwise: this.#boundOtherwise,
      regions: regions.map((region) => ({
        region,
        called: this.#called.get(region) ?? 0,
        reached: this.#reached.get(region) ?? 0,
      })),
    };
  }
}

function count(counts: Map<string, number>, region: string): void {
  counts.set(region, (counts.get(region) ?? 0) + 1);
}

function byResidency(one: ResidencyTally, other: ResidencyTally): number {
  return one.residency < other.residency ? -1 : 1;
}
