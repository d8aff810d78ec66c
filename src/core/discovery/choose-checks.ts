/** Which tracked models a run asks GetFoundationModelAvailability about, when it cannot ask about all. */
import type { TargetState } from '../target.ts';
import type { ModelListing, ProfileListing } from './answers.ts';
import type { Observation, RegionObservations } from './observation.ts';

/** Smaller is asked first. */
const URGENCY = { absent: 0, unknown: 1, blocked: 2, usable: 3 } as const;

/** A quota of zero is laid over good access: another answer about access would not end it. */
const ACCESS_GOOD_STATES: ReadonlySet<TargetState> = new Set([
  'available',
  'legacy',
  'profile-only',
  'quota-zero',
]);

/**
 * At most `checksMax` model ids: those that vanished from the list first, then those of which nothing is known, then
 * those that cannot be used yet, then the usable ones, a different part of them in each run.
 *
 * A tracked model that is neither listed, nor behind a listed profile, nor seen before costs no call.
 */
export function chooseChecks(options: {
  readonly tracked: ReadonlySet<string>;
  /** Undefined when the list failed: then what was known is asked about. */
  readonly models: readonly ModelListing[] | undefined;
  readonly profiles: readonly ProfileListing[] | undefined;
  readonly previous: RegionObservations | undefined;
  /** Whole number from 0. */
  readonly checksMax: number;
  /** Counts runs: rotates the usable ones. */
  readonly turn: number;
}): readonly string[] {
  const { tracked, models, profiles, previous, checksMax, turn } = options;
  const listed = new Set([
    ...(models?.map((row) => row.modelId) ?? []),
    ...(profiles?.flatMap((row) => modelIdsOf(row)) ?? []),
  ]);
  const known = new Map<string, Observation[]>();
  for (const each of previous?.targets ?? []) {
    if (tracked.has(each.modelId)) known.set(each.modelId, [...(known.get(each.modelId) ?? []), each]);
  }
  const asked = [...tracked]
    .sort()
    .filter((modelId) => listed.has(modelId) || worthAsking(known.get(modelId)));
  const urgencyOf = new Map(
    asked.map((modelId) => [modelId, urgency(listed.has(modelId), known.get(modelId))]),
  );
  const urgent = asked.filter((modelId) => urgencyOf.get(modelId) !== URGENCY.usable);
  urgent.sort((left, right) => (urgencyOf.get(left) ?? 0) - (urgencyOf.get(right) ?? 0));
  const usable = asked.filter((modelId) => urgencyOf.get(modelId) === URGENCY.usable);
  const start = usable.length === 0 ? 0 : (turn * Math.max(1, checksMax - urgent.length)) % usable.length;
  return [...urgent, ...usable.slice(start), ...usable.slice(0, start)].slice(0, checksMax);
}

function modelIdsOf(row: ProfileListing): readonly string[] {
  return row.modelArns.flatMap((arn) => arn.split('foundation-model/')[1] ?? []);
}

/** Gone from the list, but not yet known to be gone. */
function worthAsking(known: readonly Observation[] | undefined): boolean {
  return (
    known?.some((each) => each.goneEvidence === undefined && !each.reasons.includes('not-listed')) ?? false
  );
}

function urgency(listed: boolean, known: readonly Observation[] | undefined): number {
  if (!listed) return URGENCY.absent;
  if (known === undefined || known.some(isUnanswered)) return URGENCY.unknown;
  const usable = known.every(({ state }) => ACCESS_GOOD_STATES.has(state));
  return usable ? URGENCY.usable : URGENCY.blocked;
}

function isUnanswered(observation: Observation): boolean {
  const { state, reasons, goneEvidence } = observation;
  return (
    state === 'unknown' ||
    goneEvidence !== undefined ||
    reasons.includes('access-not-checked') ||
    reasons.includes('availability-failed')
  );
}
