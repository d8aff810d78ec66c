/**
 * core/residency: the one place that says whether a prompt may go somewhere.
 *
 * Invariant: a target is lawful only if the union of what its table item says, what the compiled facts say of (id,
 * source region), and its own source region lies inside the residency, and the gateway that would call it stands
 * inside too. What is unknown is refused. An id prefix may veto, never permit. The folder owns no state.
 *
 *     table's reach ──┐
 *     facts' reach  ──┼─ union ─ every region allowed? ─ prefix vetoes? ─ gateway allowed? ─ lawful
 *     source region ──┘
 */
import type { CompiledFacts } from '../facts/compile-facts.ts';
import type { Scope, TargetKind } from '../target.ts';
import { EVERYWHERE, geoPrefixOf } from './reach.ts';
import type { ResidencyPolicy } from './resolve-residency.ts';

/** What a judgement needs to know of a target; every `Target` is one. */
export interface ReachSubject {
  /** The source region: the one that is called. */
  readonly region: string;
  readonly scope: Scope;
  /**
   * Who is called. Absent: as the scope says.
   *
   * @default - sagemaker for a dedicated target, else bedrock
   */
  readonly kind?: TargetKind | undefined;
  readonly modelId: string;
  readonly profileId?: string | undefined;
  /** As the table or discovery says; empty or absent when unknown. */
  readonly reach?: readonly string[] | undefined;
}

/**
 * `reach-unknown`: nothing says where the prompt would go. `reach-everywhere`: a global profile under a bounded
 * policy. `reach-outside`: a region of the reach is not allowed. `prefix-outside`: the id announces a geography in
 * which the policy allows nothing. `gateway-outside`: the prompt already is where it must not be.
 */
type UnlawfulReason =
  | 'reach-unknown'
  | 'reach-everywhere'
  | 'reach-outside'
  | 'prefix-outside'
  | 'gateway-outside';

export type Verdict =
  | { readonly lawful: true; readonly reach: readonly string[] }
  | { readonly lawful: false; readonly offending: readonly string[]; readonly why: UnlawfulReason };

/** The jurisdiction that AWS's profile prefixes announce. A prefix that is not here has no say. */
const JURISDICTION_OF_PREFIX: ReadonlyMap<string, string> = new Map([
  ['us', 'US'],
  ['eu', 'EU'],
  ['jp', 'JP'],
  ['au', 'AU'],
  ['in', 'IN'],
  ['ca', 'CA'],
  ['apac', 'APAC'],
]);

const GLOBAL_PREFIX = 'global';

interface ReachQuestion {
  readonly policy: ResidencyPolicy;
  readonly target: ReachSubject;
  readonly facts: CompiledFacts;
  /**
   * Regions in which something besides the target reads the prompt, `*` where nobody can tell: a guardrail that the
   * call names.
   *
   * @default - none: the target alone reads it
   */
  readonly besideReach?: readonly string[] | undefined;
}

/** Whether a prompt under the policy may be sent from `gatewayRegion` to the target. */
export function judgeLawful(question: ReachQuestion & { readonly gatewayRegion: string }): Verdict {
  const gateway = judgeGatewayRegion(question.policy, question.gatewayRegion);
  return gateway.lawful ? judgeReach(question) : gateway;
}

/** Whether a gateway in `region` may hold a prompt under the policy. */
export function judgeGatewayRegion(policy: ResidencyPolicy, region: string): Verdict {
  if (policy.allowed === 'any' || policy.allowed.has(region)) return { lawful: true, reach: [region] };
  return { lawful: false, offending: [region], why: 'gateway-outside' };
}

/** Whether the target's whole reach lies inside the policy. A lawful verdict carries that reach, sorted. */
export function judgeReach({ policy, target, facts, besideReach = [] }: ReachQuestion): Verdict {
  if (target.reach === undefined || target.reach.length === 0) {
    return { lawful: false, offending: [], why: 'reach-unknown' };
  }
  const reach = fullReach(target, [...target.reach, ...besideReach], facts);
  if (policy.allowed === 'any') return { lawful: true, reach };
  const { allowed } = policy;
  const offending = reach.filter((region) => !allowed.has(region));
  if (offending.length > 0) {
    return {
      lawful: false,
      offending,
      why: offending.includes(EVERYWHERE) ? 'reach-everywhere' : 'reach-outside',
    };
  }
  const announced = announcedRegions(target, facts);
  if (announced.length > 0 && !announced.some((region) => allowed.has(region))) {
    return { lawful: false, offending: announced, why: 'prefix-outside' };
  }
  return { lawful: true, reach };
}

function fullReach(target: ReachSubject, stated: readonly string[], facts: CompiledFacts): readonly string[] {
  const compiled = facts.destinationsOf(calledId(target), target.region) ?? [];
  const union = new Set([...stated, ...compiled, target.region]);
  const global = target.scope === 'global' || geoPrefixOf(calledId(target)) === GLOBAL_PREFIX;
  return global || union.has(EVERYWHERE) ? [EVERYWHERE] : [...union].sort();
}

/** Regions of the geography that the id's prefix announces, as far as prefix and facts are known. */
function announcedRegions(target: ReachSubject, facts: CompiledFacts): readonly string[] {
  const jurisdiction = JURISDICTION_OF_PREFIX.get(geoPrefixOf(calledId(target)));
  return jurisdiction === undefined ? [] : facts.regionsOf(jurisdiction);
}

/**
 * The id that goes on the wire to Bedrock. A profile id that stands where a model id should is judged as the profile
 * it is, and so is one inside an ARN; the name that a dedicated endpoint serves says nothing of profiles. A table row
 * that calls itself dedicated but goes to Bedrock is judged by what is called.
 */
function calledId(target: ReachSubject): string {
  if (target.scope === 'dedicated' && target.kind !== 'bedrock') return '';
  const wireId = target.profileId ?? target.modelId;
  return wireId.slice(wireId.lastIndexOf('/') + 1);
}
