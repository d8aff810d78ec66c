import { slotsOf } from '../capacity/capacity-limit.ts';
import { accountRestKeys, regionHealthKey } from '../decide/condition-keys.ts';
import type { Conditions, Decision, DecisionQuestion } from '../decide/decision.ts';
import { type Member, type Roster, rosterOf } from '../decide/roster.ts';
import { compilingKey } from '../decide/schema-grammars.ts';
import type { TargetHealth } from '../health/target-health.ts';
import type { InstantMs } from '../units/instant-ms.ts';

/** By place in the roster. */
type ByPlace<Value> = readonly (Value | undefined)[];

/** What conditions said of the candidates at one moment: the books themselves go on. */
export interface HeldConditions {
  readonly health?: ByPlace<TargetHealth>;
  /** Of their source regions. */
  readonly regions?: ByPlace<TargetHealth>;
  readonly blamed?: ByPlace<TargetHealth>;
  readonly resting?: ReadonlyMap<string, InstantMs>;
  readonly inFlight?: ByPlace<number>;
  readonly awake?: ByPlace<InstantMs>;
  /** All of them, whoever they are said of. */
  readonly refused?: ReadonlyMap<string, InstantMs>;
  readonly compiling?: ByPlace<InstantMs>;
}

/** A decision that was made, with all that it was made of. Its question's conditions have changed since: read `held`. */
export interface NotedDecision {
  readonly question: DecisionQuestion;
  readonly decision: Decision;
  readonly roster: Roster;
  readonly held: HeldConditions;
}

/**
 * Keeps what a decision was made of, before anything can change. On the path of every request that is recorded, and so
 * only references: they are read behind the answer.
 */
export function noteDecision(question: DecisionQuestion, decision: Decision): NotedDecision {
  const roster = rosterOf(question);
  return { question, decision, roster, held: heldOf(roster.members, question) };
}

function heldOf(members: readonly Member[], question: DecisionQuestion): HeldConditions {
  const { conditions, origin } = question;
  const { health, blamed, resting, awake, refused } = conditions;
  const isBlaming = blamed !== undefined && blamed.size > 0 && origin !== undefined;
  return {
    ...(health.size === 0
      ? {}
      : {
          health: members.map(({ target }) => health.get(target.id)),
          regions: members.map(({ target }) => health.get(regionHealthKey(target))),
        }),
    ...(isBlaming ? { blamed: members.map(({ target }) => blamed.get(target.id)?.get(origin)) } : {}),
    ...(resting.size === 0 ? {} : { resting: restingOf(members, resting) }),
    ...inFlightOf(members, question),
    ...(awake === undefined || awake.size === 0
      ? {}
      : { awake: members.map(({ target }) => awake.get(target.id)) }),
    ...(refused.size === 0 ? {} : { refused: new Map(refused) }),
    ...compilingOf(members, question),
  };
}

function restingOf(
  members: readonly Member[],
  resting: Conditions['resting'],
): ReadonlyMap<string, InstantMs> {
  const held = new Map<string, InstantMs>();
  for (const { target } of members) {
    for (const key of [target.quotaPool, ...accountRestKeys(target)]) {
      const until = resting.get(key);
      if (until !== undefined) held.set(key, until);
    }
  }
  return held;
}

/** Counts only where slots do: nobody asks for those of a target that nothing limits, or where a line is waited in. */
function inFlightOf(
  members: readonly Member[],
  question: DecisionQuestion,
): Pick<HeldConditions, 'inFlight'> {
  const { inFlight } = question.conditions;
  if (inFlight.size === 0 || question.admissionAsks === true) return {};
  return {
    inFlight: members.map(({ target }) =>
      slotsOf(target, question) === undefined ? undefined : inFlight.get(target.id),
    ),
  };
}

function compilingOf(
  members: readonly Member[],
  { needs, conditions: { grammars } }: DecisionQuestion,
): Pick<HeldConditions, 'compiling'> {
  if (grammars.size === 0 || needs.work === 'embedding') return {};
  const { jsonSchemaKey } = needs;
  if (jsonSchemaKey === undefined) return {};
  return { compiling: members.map(({ target }) => grammars.get(compilingKey(target, jsonSchemaKey))) };
}
