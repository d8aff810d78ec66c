/** What was known of one account and region at a past moment, from what is known now and what moved since then. */
import type { Observation, ObservationChange } from './observation.ts';

/** What is kept of one account and region. */
export interface PlaceRecord {
  readonly account: string;
  readonly region: string;
  /** The last report. */
  readonly targets: readonly Observation[];
  /** Nothing that moved from this moment on is missing. Undefined: nothing is known of the past. */
  readonly from: number | undefined;
  /** Everything that moved since `from`, in any order. */
  readonly changes: readonly ObservationChange[];
  /** Changes of which nothing but this can be read. @default none */
  readonly unreadable?: readonly UnreadableChange[] | undefined;
}

export interface UnreadableChange {
  readonly target: string;
  readonly at: number;
}

/** `lost`: something moved that nobody noted, so that the state at the moment cannot be told. */
export type PastTarget =
  | { readonly kind: 'present'; readonly target: Observation }
  | { readonly kind: 'absent' }
  | { readonly kind: 'lost' };

/** All that is known of one target: as it stands, or as it was when it left, and its changes, oldest first. */
export interface TargetTimeline {
  readonly id: string;
  /** Undefined when it does not stand any more. */
  readonly standing: Observation | undefined;
  /** What it is, apart from its state. Undefined when nobody knows: its leaving was not noted. */
  readonly known: Observation | undefined;
  readonly changes: readonly ObservationChange[];
  /** When something moved of which nothing else can be read. */
  readonly gaps: readonly number[];
}

/** One for every target that stands or moved, by id. */
export function timelinesOf({ targets, changes, unreadable = [] }: PlaceRecord): readonly TargetTimeline[] {
  const standing = new Map(targets.map((each) => [each.id, each]));
  const ordered = [...changes].sort((one, other) => one.at - other.at);
  const byTarget = Map.groupBy(ordered, ({ target }) => target);
  const gapsOf = Map.groupBy(unreadable, ({ target }) => target);
  const ids = [...new Set([...standing.keys(), ...byTarget.keys(), ...gapsOf.keys()])].sort();
  return ids.map((id) => {
    const own = byTarget.get(id) ?? [];
    const now = standing.get(id);
    const known = now ?? own.findLast(({ last }) => last !== undefined)?.last;
    return { id, standing: now, known, changes: own, gaps: (gapsOf.get(id) ?? []).map(({ at }) => at) };
  });
}

/** What the target was at a moment that its record covers. A change holds from its own millisecond on. */
export function rewind(timeline: TargetTimeline, at: number): PastTarget {
  const { changes, known, gaps } = timeline;
  const index = changes.findLastIndex((change) => change.at <= at);
  const [begun, ended] = [changes[index], changes[index + 1]];
  const until = stateUntil(timeline, ended);
  // What began the span and what ended it must tell the same: where they do not, a change between them was lost.
  if (begun !== undefined && begun.to !== until?.state) return { kind: 'lost' };
  if (until === undefined) {
    // A state says since when it holds; of an absence nobody knows that.
    const hidden = gaps.some((gap) => gap >= (begun?.at ?? gap) && gap <= (ended?.at ?? gap));
    return { kind: hidden ? 'lost' : 'absent' };
  }
  const { state, reasons, since = begun?.at } = until;
  // A state that began later than the last change before it was begun by one that nobody noted.
  if (known === undefined || since === undefined || since > at) return { kind: 'lost' };
  return { kind: 'present', target: { ...known, state, reasons, since, stale: false } };
}

interface Until {
  readonly state: Observation['state'];
  readonly reasons: readonly string[];
  readonly since: number | undefined;
}

/** The state that the next change ended, or that stands. */
function stateUntil({ standing }: TargetTimeline, next: ObservationChange | undefined): Until | undefined {
  if (next === undefined) return standing;
  if (next.from === undefined) return undefined;
  return { state: next.from, reasons: next.fromReasons ?? [], since: next.fromSince };
}
