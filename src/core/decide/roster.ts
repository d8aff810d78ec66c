import type { ReachSubject, Verdict } from '../residency/judge-reach.ts';
import { lawfulnessUnder } from '../residency/lawfulness-under.ts';
import { EVERYWHERE } from '../residency/reach.ts';
import { type Target, type Tier, tierOf } from '../target.ts';
import type { Candidate, DecisionQuestion } from './decision.ts';

/** A target as it stands in a roster. Its place there is its number for all that is known of it in a decision. */
export interface Member {
  readonly target: Target;
  readonly tier: Tier;
  readonly verdict: Verdict;
  /** The place of the first member of its make. */
  readonly make: number;
  /** As a request called it last: the next one that calls it so needs no candidate of its own. */
  lastCandidate: Candidate | undefined;
}

/**
 * What is the same of a question's targets for one request after the other: their order by id, their judgement by the
 * residency, and which of them are of one make. A route is asked for thousands of times before it is published anew.
 */
export interface Roster {
  /** The route's by id, then the baseline's by id. */
  readonly members: readonly Member[];
  /** Of every member. */
  readonly places: readonly number[];
  /** Places of the first member of each make. Whatever work needs, all of one make have it or lack it. */
  readonly makes: readonly number[];
  /** Some id stands twice: a baseline target that the route offers as well. */
  readonly hasTwins: boolean;
}

type Asked = Pick<
  DecisionQuestion,
  'policy' | 'facts' | 'gatewayRegion' | 'gatewayAccount' | 'targets' | 'baseline' | 'needs'
>;

/** Purely a memory: of lists that never change, for as long as the list of targets is held by somebody. */
export function rosterOf(question: Asked): Roster {
  const memory = isGuarded(question) ? guarded : plain;
  const last = memory.get(question.targets);
  if (last !== undefined && isMadeOf(last.of, question)) return last.roster;
  const { policy, facts, gatewayRegion, gatewayAccount, baseline } = question;
  const roster = makeRoster(question);
  memory.set(question.targets, { of: { policy, facts, gatewayRegion, gatewayAccount, baseline }, roster });
  return roster;
}

type MadeOf = Pick<Asked, 'policy' | 'facts' | 'gatewayRegion' | 'gatewayAccount' | 'baseline'>;
/** One roster for each list: a gateway asks for a route's list under one residency only. */
type Memory = WeakMap<readonly Target[], { readonly of: MadeOf; readonly roster: Roster }>;

const plain: Memory = new WeakMap();
const guarded: Memory = new WeakMap();

function isMadeOf(known: MadeOf, asked: MadeOf): boolean {
  return (
    known.policy === asked.policy &&
    known.facts === asked.facts &&
    known.gatewayRegion === asked.gatewayRegion &&
    known.gatewayAccount === asked.gatewayAccount &&
    known.baseline === asked.baseline
  );
}

/**
 * Whether there may be any target that is lawful for this question: not where even one that stays in the gateway's own
 * region would not be.
 */
export function mayBeLawful(question: Omit<Asked, 'targets' | 'baseline'>): boolean {
  const { gatewayRegion: region } = question;
  return verdictsFor(question)({ region, scope: 'in-region', modelId: '', reach: [region] }).lawful;
}

function verdictsFor(question: Omit<Asked, 'targets' | 'baseline'>): (target: ReachSubject) => Verdict {
  const { policy, gatewayRegion, facts } = question;
  // A guardrail may infer in other regions than its own, and the request that names it does not tell in which.
  const besideReach = isGuarded(question) ? [EVERYWHERE] : [];
  return lawfulnessUnder({ policy, gatewayRegion, facts, besideReach });
}

function makeRoster(question: Asked): Roster {
  const verdictOf = verdictsFor(question);
  const firstOfMake = new Map<string, number>();
  const members: Member[] = [];
  const enter = (target: Target, tier: Tier): void => {
    const key = makeOf(target);
    const make = firstOfMake.get(key) ?? members.length;
    firstOfMake.set(key, make);
    members.push({ target, tier, verdict: verdictOf(target), make, lastCandidate: undefined });
  };
  for (const target of byId(question.targets)) enter(target, tierOf(target));
  for (const target of byId(question.baseline)) enter(target, 'baseline');
  const ids = new Set(members.map(({ target }) => target.id));
  return {
    members,
    places: members.map((_, place) => place),
    makes: [...firstOfMake.values()],
    hasTwins: ids.size < members.length,
  };
}

function isGuarded({ needs }: Pick<Asked, 'needs'>): boolean {
  return needs.work !== 'embedding' && needs.guardrail;
}

function byId(targets: readonly Target[]): readonly Target[] {
  return [...targets].sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** All that work may need of a target. Of containers nothing is the same: each is a make of its own. */
function makeOf({ kind, id, modelId, capabilities, container, ...bounds }: Target): string {
  const { contextTokensMax, outputTokensMax } = bounds;
  const name = kind === 'bedrock' ? modelId : id;
  return JSON.stringify([kind, name, modelId, capabilities, container, contextTokensMax, outputTokensMax]);
}
