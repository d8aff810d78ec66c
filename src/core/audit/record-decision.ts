import type { DecisionQuestion } from '../decide/decision.ts';
import type { Roster } from '../decide/roster.ts';
import { type Places, placesIn, placesOf } from './candidate-places.ts';
import type { HeldConditions, NotedDecision } from './note-decision.ts';
import { listed, present } from './present-members.ts';
import { recordAnswer } from './record-answer.ts';
import { recordConditions } from './record-conditions.ts';
import type { RecordedDecision, RecordedLimits, RecordedQuestion } from './recorded-decision.ts';
import { recordNeeds } from './recorded-needs.ts';

/** A decision as it is kept. Pure, and behind the answer. */
export function recordDecision({ question, decision, roster, held }: NotedDecision): RecordedDecision {
  const places = placesOf(roster);
  return {
    at: question.at,
    asked: recordQuestion(question, { roster, held, places }),
    answer: recordAnswer(decision, places),
  };
}

interface Recording {
  readonly roster: Roster;
  readonly held: HeldConditions;
  readonly places: Places;
}

function recordQuestion(question: DecisionQuestion, { roster, held, places }: Recording): RecordedQuestion {
  const { heard, lastServedBy, retentionForbidden, tenantScopes, serverlessSlots, troubledRegions } =
    question;
  const models = new Set(roster.members.map(({ target }) => target.modelId));
  const forbidden = [...(retentionForbidden ?? [])].filter((model) => models.has(model));
  const last = lastServedBy === undefined ? undefined : places.ofId(lastServedBy);
  const failures = [...(heard ?? [])].flatMap(([id, { class: name, retryAt }]) => {
    const candidate = places.ofId(id);
    return candidate === undefined ? [] : [{ candidate, class: name, ...present('retryAt', retryAt) }];
  });
  return {
    needs: recordNeeds(question.needs, roster),
    limits: recordLimits(question.limits),
    ...(question.lawfulButUnusable === true ? { lawfulButUnusable: true } : {}),
    ...(question.routeUnknown === true ? { routeUnknown: true } : {}),
    ...present('tenantScopes', tenantScopes),
    ...listed('retentionForbidden', forbidden),
    ...listed('disabled', placesIn(question.disabled, places)),
    ...listed('tried', placesIn(question.tried, places)),
    ...listed('unasked', placesIn(question.unasked, places)),
    ...listed('full', placesIn(question.full, places)),
    ...listed('neverFits', placesIn(question.neverFits, places)),
    ...listed('heard', failures),
    ...(question.admissionAsks === true ? { admissionAsks: true } : {}),
    ...present('serverlessSlots', serverlessSlots),
    ...listed('troubledRegions', [...troubledRegions]),
    ...present('lastServedBy', last),
    conditions: recordConditions(roster.members, held, question),
  };
}

/** Nobody measures a text for a cap that is not there. */
function recordLimits({ inputTokensCeiling, ...limits }: DecisionQuestion['limits']): RecordedLimits {
  const known = Object.entries(limits).filter(([, value]) => value !== undefined);
  const counted = limits.costMicroUsdMax === undefined ? {} : { inputTokensCeiling };
  return { ...Object.fromEntries(known), ...counted };
}
