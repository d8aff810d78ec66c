/** What moved, in order of time, for people. Losing an entry costs an explanation, never a route. */
import type { ObservationChange } from '#core/discovery/observation.ts';
import type { UnreadableChange } from '#core/discovery/rewind.ts';

interface Place {
  readonly account: string;
  readonly region: string;
}

export interface LoggedChanges {
  /** Newest first. */
  readonly changes: readonly ObservationChange[];
  /** Entries of which only the target and the time can be read. */
  readonly unreadable: readonly UnreadableChange[];
  /** Entries that cannot be read, those of `unreadable` too. */
  readonly badItems: number;
  /** False where more stand in the log than were asked for: the oldest of them are missing. */
  readonly whole: boolean;
}

export interface ChangeLog {
  /** An entry that stands already is written once more, and stays one. */
  append(place: Place, changes: readonly ObservationChange[]): Promise<void>;
  /** What moved since a moment, that moment too; at most `limit` entries, the newest ones. */
  load(place: Place, options: { readonly since: number; readonly limit: number }): Promise<LoggedChanges>;
}
