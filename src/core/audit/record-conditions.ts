import { type ChatFeature, chatFeatureNames } from '../chat/chat-feature.ts';
import type { DecisionQuestion } from '../decide/decision.ts';
import { refusedFeatureKey } from '../decide/refused-features.ts';
import type { Member } from '../decide/roster.ts';
import type { TargetHealth } from '../health/target-health.ts';
import type { InstantMs } from '../units/instant-ms.ts';
import type { HeldConditions } from './note-decision.ts';
import { listed, present } from './present-members.ts';
import type { Place, RecordedConditions, RecordedHealth } from './recorded-decision.ts';

/** What was known of health and pressure, as far as a decision at that moment can tell it from nothing. */
export function recordConditions(
  members: readonly Member[],
  held: HeldConditions,
  question: Pick<DecisionQuestion, 'at' | 'limits'>,
): RecordedConditions {
  const { at, limits } = question;
  const isPaced = limits.remainingMs !== undefined;
  const later = (until: InstantMs | undefined): boolean => until !== undefined && until > at;
  const firstOfRegion = firstPlaces(held.regions, (place) => {
    const target = members[place]?.target;
    return `${target?.account}/${target?.region}`;
  });
  const rests = [...(held.resting ?? [])].filter(([, until]) => until > at);
  return {
    ...listed('health', recordHealths(held.health, isPaced)),
    ...listed(
      'regions',
      recordHealths(held.regions, false).filter(({ candidate }) => firstOfRegion.has(candidate)),
    ),
    ...listed('blamed', recordHealths(held.blamed, false)),
    ...listed('resting', rests),
    ...listed(
      'inFlight',
      numbered(held.inFlight).map(([place, count]) => [place, count] as const),
    ),
    ...listed('refused', recordRefused(members, held.refused, at)),
    ...listed(
      'awake',
      numbered(held.awake).flatMap(([place, until]) => (later(until) ? [place] : [])),
    ),
    ...listed(
      'compiling',
      numbered(held.compiling).flatMap(([place, until]) => (later(until) ? [place] : [])),
    ),
  };
}

/** What a healthy target is known by is its pace alone. */
function recordHealths(
  held: readonly (TargetHealth | undefined)[] | undefined,
  isPaced: boolean,
): readonly RecordedHealth[] {
  return numbered(held).flatMap(([candidate, health]) => {
    const paced = isPaced && health.pace.length > 0;
    const told = {
      candidate,
      kind: health.kind,
      ...momentsOf(health),
      ...present('typicalMs', health.typicalFirstContentMs),
      ...(paced ? { pace: health.pace, ...present('lastSuccessAt', health.lastSuccessAt) } : {}),
    };
    return health.kind === 'healthy' && health.typicalFirstContentMs === undefined && !paced ? [] : [told];
  });
}

function momentsOf(health: TargetHealth): Pick<RecordedHealth, 'since' | 'until' | 'probedAt'> {
  switch (health.kind) {
    case 'healthy':
      return {};
    case 'ejected':
      return { until: health.until };
    case 'half-open':
      return { probedAt: health.probedAt };
    case 'returning':
      return { since: health.since, until: health.until };
  }
}

function recordRefused(
  members: readonly Member[],
  refused: ReadonlyMap<string, InstantMs> | undefined,
  at: InstantMs,
): readonly (readonly [Place, ChatFeature])[] {
  if (refused === undefined) return [];
  const told = new Set<string>();
  return members.flatMap(({ target }, place) =>
    chatFeatureNames.flatMap((feature) => {
      const key = refusedFeatureKey(target, feature);
      if ((refused.get(key) ?? 0) <= at || told.has(key)) return [];
      told.add(key);
      return [[place, feature] as const];
    }),
  );
}

function firstPlaces(
  held: readonly unknown[] | undefined,
  nameAt: (place: Place) => string,
): ReadonlySet<Place> {
  const first = new Map<string, Place>();
  for (const place of (held ?? []).keys()) {
    const name = nameAt(place);
    if (!first.has(name)) first.set(name, place);
  }
  return new Set(first.values());
}

function numbered<Value>(
  held: readonly (Value | undefined)[] | undefined,
): readonly (readonly [Place, Value])[] {
  return (held ?? []).flatMap((value, place) => (value === undefined ? [] : [[place, value] as const]));
}
