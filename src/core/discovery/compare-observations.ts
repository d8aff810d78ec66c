/** Whether a run learned anything worth writing, and what changed for people. */
import type { Observation, ObservationChange, RegionObservations } from './observation.ts';

/** True when nothing but times moved. */
export function sameTargets(left: readonly Observation[], right: readonly Observation[]): boolean {
  if (left.length !== right.length) return false;
  return left.every((each, index) => {
    const other = right[index];
    return other !== undefined && sameObservation(each, other);
  });
}

/** True when Service Quotas was not asked again in between: each asking has its own time. */
export function sameQuotaReport(left: RegionObservations, right: RegionObservations): boolean {
  return left.quotas?.askedAt === right.quotas?.askedAt;
}

function sameObservation(left: Observation, right: Observation): boolean {
  return (
    left.id === right.id &&
    left.state === right.state &&
    left.stale === right.stale &&
    left.scope === right.scope &&
    left.modelId === right.modelId &&
    left.lifecycle === right.lifecycle &&
    left.endOfLifeTime === right.endOfLifeTime &&
    left.streaming === right.streaming &&
    left.copies === right.copies &&
    left.quotaTokensPerMinute === right.quotaTokensPerMinute &&
    left.absentLists === right.absentLists &&
    left.goneEvidence === right.goneEvidence &&
    sameList(left.reasons, right.reasons) &&
    sameList(left.reach, right.reach) &&
    sameList(left.inputModalities, right.inputModalities) &&
    sameList(left.outputModalities, right.outputModalities)
  );
}

function sameList(left: readonly string[] | undefined, right: readonly string[] | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.length === right.length && left.every((each, index) => each === right[index]);
}

/** Every state that moved between two runs. A first run changes nothing: there is nothing to compare with. */
export function changesBetween(
  previous: RegionObservations | undefined,
  next: RegionObservations,
): readonly ObservationChange[] {
  if (previous === undefined) return [];
  const before = new Map(previous.targets.map((each) => [each.id, each]));
  const after = new Set(next.targets.map(({ id }) => id));
  const { at } = next;
  const moved = next.targets.flatMap(({ id, state, reasons }) => {
    const old = before.get(id);
    return old?.state === state ? [] : [{ target: id, ...wasBefore(old), to: state, reasons, at }];
  });
  const left = previous.targets
    .filter(({ id }) => !after.has(id))
    .map((last) => ({ target: last.id, ...wasBefore(last), to: undefined, reasons: [], at, last }));
  return [...moved, ...left];
}

function wasBefore(old: Observation | undefined) {
  if (old === undefined) return { from: undefined };
  return { from: old.state, fromReasons: old.reasons, fromSince: old.since };
}
