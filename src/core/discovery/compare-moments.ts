/** What is different between two moments of one account and region, and by which steps it came about. */
import type { Observation, ObservationChange } from './observation.ts';
import { type PastTarget, type PlaceRecord, rewind, type TargetTimeline, timelinesOf } from './rewind.ts';

/** `returned`: as it was, with something else in between. `lost`: something moved that nobody noted. */
type DifferenceKind = 'appeared' | 'left' | 'changed' | 'returned' | 'lost';

export interface TargetDifference {
  readonly kind: DifferenceKind;
  readonly id: string;
  /** What it is, as it stands now or as it was when it left. Undefined when nobody knows. */
  readonly known: Observation | undefined;
  /** At the first moment; undefined where it was not there, or nobody can tell. */
  readonly before: Observation | undefined;
  readonly after: Observation | undefined;
  /** Its changes between the two moments, oldest first: after the earlier one, up to the later one. */
  readonly steps: readonly ObservationChange[];
}

/** How the place was at the second moment against the first, whichever of them is earlier. Both are covered by the record. */
export function compareMoments(
  record: PlaceRecord,
  moments: { readonly first: number; readonly second: number },
): readonly TargetDifference[] {
  return timelinesOf(record).flatMap((timeline) => differenceOf(timeline, moments) ?? []);
}

function differenceOf(
  timeline: TargetTimeline,
  { first, second }: { readonly first: number; readonly second: number },
): TargetDifference | undefined {
  const [earlier, later] = [Math.min(first, second), Math.max(first, second)];
  const steps = timeline.changes.filter(({ at }) => at > earlier && at <= later);
  const [old, now] = [rewind(timeline, first), rewind(timeline, second)];
  const kind = kindOf(old, now, steps.length);
  if (kind === undefined) return undefined;
  const { id, known } = timeline;
  return { kind, id, known, before: presentIn(old), after: presentIn(now), steps };
}

function kindOf(old: PastTarget, now: PastTarget, steps: number): DifferenceKind | undefined {
  if (old.kind === 'lost' || now.kind === 'lost') return 'lost';
  const [before, after] = [presentIn(old), presentIn(now)];
  if (before?.state === after?.state) return steps === 0 ? undefined : 'returned';
  if (before === undefined) return 'appeared';
  return after === undefined ? 'left' : 'changed';
}

function presentIn(past: PastTarget): Observation | undefined {
  return past.kind === 'present' ? past.target : undefined;
}
