/**
 * A recorded decision made again, by the very functions that ship, from the record and what it refers to: the published
 * version of the route, or the baseline that was compiled with the configuration, and the facts.
 */

import type { WorkNeeds } from '../call/work.ts';
import { regionHealthKey } from '../decide/condition-keys.ts';
import { decide } from '../decide/decide.ts';
import type { Conditions, DecisionQuestion } from '../decide/decision.ts';
import { refusedFeatureKey } from '../decide/refused-features.ts';
import { type Member, rosterOf } from '../decide/roster.ts';
import { compilingKey } from '../decide/schema-grammars.ts';
import type { CompiledFacts } from '../facts/compile-facts.ts';
import type { Origin, TargetHealth } from '../health/target-health.ts';
import type { ResidencyPolicy } from '../residency/resolve-residency.ts';
import type { Target } from '../target.ts';
import type { InstantMs } from '../units/instant-ms.ts';
import { placesOf, recordCandidates } from './candidate-places.ts';
import { recordAnswer } from './record-answer.ts';
import type {
  Place,
  RecordedCandidate,
  RecordedConditions,
  RecordedDecision,
  RecordedHealth,
} from './recorded-decision.ts';
import { needsRecorded, RECORDED } from './recorded-needs.ts';

/** What a record says of all its decisions, and what it refers to. */
export interface ReplayGround {
  readonly requestId: string;
  readonly gatewayRegion: string;
  readonly gatewayAccount: string;
  readonly policy: ResidencyPolicy;
  readonly facts: CompiledFacts;
  readonly targets: readonly Target[];
  readonly baseline: readonly Target[];
  readonly candidates: readonly RecordedCandidate[];
}

/** Where what is decided again first differs, as a path into the record, and what stands there and there. */
export interface Difference {
  readonly path: string;
  readonly recorded: unknown;
  readonly replayed: unknown;
}

/** Undefined where the same is decided again, to the last score. */
export function replayDecision(recorded: RecordedDecision, ground: ReplayGround): Difference | undefined {
  const needs = needsRecorded(recorded.asked.needs);
  const roster = rosterOf({ ...ground, needs });
  const others = firstDifference('candidates', ground.candidates, recordCandidates(roster));
  if (others !== undefined) return others;
  const question = questionOf(recorded, { ground, needs, members: roster.members });
  return firstDifference('answer', recorded.answer, recordAnswer(decide(question), placesOf(roster)));
}

/** A kind of request that nobody else's failures are told by. */
const OWN_ORIGIN: Origin = RECORDED;

interface Reading {
  readonly ground: ReplayGround;
  readonly needs: WorkNeeds;
  /** By their places. */
  readonly members: readonly Member[];
}

function questionOf({ at, asked }: RecordedDecision, { ground, needs, members }: Reading): DecisionQuestion {
  const { candidates: _, ...world } = ground;
  const idAt = (place: Place): string => members[place]?.target.id ?? '';
  const idsAt = (places: readonly Place[] | undefined): ReadonlySet<string> => new Set(places?.map(idAt));
  const { limits, heard, lastServedBy, retentionForbidden, troubledRegions } = asked;
  const failures = (heard ?? []).map(({ candidate, ...failure }) => [idAt(candidate), failure] as const);
  return {
    ...world,
    at,
    needs,
    limits: { ...limits, inputTokensCeiling: limits.inputTokensCeiling ?? Number.MAX_SAFE_INTEGER },
    lawfulButUnusable: asked.lawfulButUnusable,
    routeUnknown: asked.routeUnknown,
    tenantScopes: asked.tenantScopes,
    retentionForbidden: new Set(retentionForbidden),
    disabled: idsAt(asked.disabled),
    tried: idsAt(asked.tried),
    unasked: idsAt(asked.unasked),
    full: idsAt(asked.full),
    neverFits: idsAt(asked.neverFits),
    heard: new Map(failures),
    admissionAsks: asked.admissionAsks,
    serverlessSlots: asked.serverlessSlots,
    troubledRegions: new Set(troubledRegions),
    lastServedBy: lastServedBy === undefined ? undefined : idAt(lastServedBy),
    origin: OWN_ORIGIN,
    conditions: conditionsOf(asked.conditions, members, at),
  };
}

function conditionsOf(recorded: RecordedConditions, members: readonly Member[], at: InstantMs): Conditions {
  const keysOf = (places: readonly Place[] | undefined, keyOf: (target: Target) => string) =>
    (places ?? []).flatMap((place) => {
      const target = members[place]?.target;
      return target === undefined ? [] : [keyOf(target)];
    });
  const until = (keys: readonly string[]) => new Map(keys.map((key) => [key, at + 1] as const));
  const healthBy = (states: readonly RecordedHealth[] | undefined, keyOf: (target: Target) => string) =>
    (states ?? []).flatMap((state) =>
      keysOf([state.candidate], keyOf).map((key) => [key, healthOf(state)] as const),
    );
  const byId = ({ id }: Target): string => id;
  const refused = (recorded.refused ?? []).flatMap(([place, feature]) =>
    keysOf([place], (target) => refusedFeatureKey(target, feature)),
  );
  return {
    health: new Map([...healthBy(recorded.regions, regionHealthKey), ...healthBy(recorded.health, byId)]),
    blamed: new Map(
      healthBy(recorded.blamed, byId).map(([id, health]) => [id, new Map([[OWN_ORIGIN, health]])]),
    ),
    resting: new Map(recorded.resting),
    inFlight: new Map(
      (recorded.inFlight ?? []).flatMap(([place, count]) => keysOf([place], byId).map((id) => [id, count])),
    ),
    refused: until(refused),
    awake: until(keysOf(recorded.awake, byId)),
    grammars: until(keysOf(recorded.compiling, (target) => compilingKey(target, RECORDED))),
  };
}

function healthOf(recorded: RecordedHealth): TargetHealth {
  const { kind, pace = [], lastSuccessAt, typicalMs } = recorded;
  const { since = 0, until = 0, probedAt = 0 } = recorded;
  const known = { pace, lastSuccessAt, typicalFirstContentMs: typicalMs, ejections: 0 };
  switch (kind) {
    case 'healthy':
      return { ...known, kind, points: 0, row: [], recent: [] };
    case 'ejected':
      return { ...known, kind, until };
    case 'half-open':
      return { ...known, kind, probedAt };
    case 'returning':
      return { ...known, kind, since, until };
  }
}

/** Depth first, members by name: the record's own order plays no part. */
function firstDifference(path: string, recorded: unknown, replayed: unknown): Difference | undefined {
  if (Object.is(recorded, replayed)) return undefined;
  if (!isNested(recorded) || !isNested(replayed) || Array.isArray(recorded) !== Array.isArray(replayed))
    return { path, recorded, replayed };
  const names = new Set([...Object.keys(recorded), ...Object.keys(replayed)]);
  for (const name of [...names].sort(byNumberOrName)) {
    const at = Array.isArray(recorded) ? `${path}[${name}]` : `${path}.${name}`;
    const found = firstDifference(at, memberOf(recorded, name), memberOf(replayed, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

function byNumberOrName(one: string, other: string): number {
  return Number(one) - Number(other) || (one < other ? -1 : 1);
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function memberOf(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}
