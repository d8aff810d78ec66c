import { outputTokensFor } from '../chat/output-tokens.ts';
import type { Target } from '../target.ts';
import type { Candidate, DecisionQuestion } from './decision.ts';
import { droppedFeatures, isCalledPlainly, jsonAnswer, plainly, refusesByMake } from './refused-features.ts';
import type { Member, Roster } from './roster.ts';

/** How a target has to be called for a request: the same for all of a make. */
interface Form extends Pick<Candidate, 'maxTokens' | 'dropped' | 'jsonWay' | 'jsonWayReason'> {
  readonly asksJson: boolean;
  readonly plainly: boolean;
}

/** One of each member, by its place. */
export function candidatesOf(roster: Roster, question: DecisionQuestion): readonly Candidate[] {
  const { members, makes } = roster;
  const forms: Form[] = [];
  if (refusesByMake(question))
    for (const place of makes) forms[place] = formOf((members[place] as Member).target, question);
  return members.map((member) => candidateIn(member, forms[member.make] ?? formOf(member.target, question)));
}

function formOf(target: Target, question: DecisionQuestion): Form {
  const json = jsonAnswer(target, question);
  const dropped = droppedFeatures(target, question);
  return {
    maxTokens: outputTokensFor(target, question.limits),
    asksJson: json !== undefined,
    jsonWay: json?.way,
    jsonWayReason: json?.because,
    dropped: dropped.length > 0 ? dropped : undefined,
    plainly: isCalledPlainly(target, question),
  };
}

/** Most calls ask for nothing but a bound on their tokens, and nearly all for the same one. */
function candidateIn(member: Member, form: Form): Candidate {
  const usual = !form.asksJson && form.dropped === undefined && !form.plainly;
  if (usual && member.lastCandidate?.maxTokens === form.maxTokens) return member.lastCandidate;
  const candidate = newCandidate(member, form);
  if (usual) member.lastCandidate = candidate;
  return candidate;
}

function newCandidate(member: Member, form: Form): Candidate {
  const { tier, verdict } = member;
  const { maxTokens, asksJson, jsonWay, jsonWayReason, dropped } = form;
  const target = form.plainly ? plainly(member.target) : member.target;
  if (!asksJson && dropped === undefined) return { target, tier, verdict, maxTokens };
  return {
    ...{ target, tier, verdict, maxTokens },
    ...(asksJson ? { jsonWay, jsonWayReason } : {}),
    ...(dropped === undefined ? {} : { dropped }),
  };
}
