/**
 * What it means that a good list lacks a target that was known.
 *
 * Lists drop single rows that are still served, nearly as often as AWS truly withdraws one. So an absence alone
 * removes nothing: a second sign does, or three good lists in a row.
 */
import { type Access, lastingReasons } from './access.ts';
import type { Observation } from './observation.ts';

/** Good lists in a row without the target that count as a withdrawal where no second sign can be had. */
export const ABSENT_LISTS_MAX = 3;

/** How long a target that is gone stays visible as `not-offered`, with its evidence. */
const GONE_KEPT_MS = 7 * 86_400_000;

export interface Absence {
  readonly previous: Observation;
  /** Of the base model; undefined for a target without one. */
  readonly access: Access;
  /** ISO 8601 UTC, compared as text: both sides are UTC with milliseconds. */
  readonly nowTime: string;
  readonly at: number;
  /**
   * True where AVAILABLE speaks for this very target (a plain model id). It does not for a profile: its model can be
   * offered while the profile is not.
   */
  readonly availabilitySpeaks: boolean;
}

/** The observation that replaces `previous`; undefined when it has been gone for so long that nobody asks any more. */
export function judgeAbsence(absence: Absence): Observation | undefined {
  const { previous, access, at } = absence;
  if (previous.goneEvidence !== undefined) {
    return at - previous.since > GONE_KEPT_MS ? undefined : previous;
  }
  if (access.kind === 'blocked' && access.gone) return gone(absence, 'availability-not-available');
  if (previous.endOfLifeTime !== undefined && previous.endOfLifeTime <= absence.nowTime)
    return gone(absence, 'end-of-life-passed');
  const absentLists = Math.min(previous.absentLists + 1, ABSENT_LISTS_MAX);
  const kept = lastingReasons(previous);
  const contradicted = absence.availabilitySpeaks && (access.kind === 'usable' || access.kind === 'blocked');
  if (contradicted)
    return { ...previous, reasons: [...kept, 'absent-but-available'], stale: true, absentLists };
  if (absentLists === ABSENT_LISTS_MAX) return gone(absence, 'three-lists');
  return {
    ...previous,
    reasons: [...kept, `absent-${absentLists}-of-${ABSENT_LISTS_MAX}`],
    stale: true,
    absentLists,
  };
}

function gone(
  { previous, at }: Absence,
  goneEvidence: NonNullable<Observation['goneEvidence']>,
): Observation {
  return {
    ...previous,
    state: 'not-offered',
    reasons: [goneEvidence],
    since: previous.state === 'not-offered' ? previous.since : at,
    observedAt: at,
    stale: false,
    absentLists: ABSENT_LISTS_MAX,
    goneEvidence,
  };
}
