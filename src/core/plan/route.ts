/** A route: the ordered targets for one (model, residency), and its baseline. The routing table's public contract. */
import type { Target } from '../target.ts';

/** Readers refuse any other. Raised when a reader of the old shape could misroute. */
export const routeSchemaVersion = 1;

export interface Route {
  readonly model: string;
  readonly residency: string;
  /** From 1, one up for each published change. */
  readonly version: number;
  readonly schema: number;
  /** Best first for everyone: tier, candidate position, scope, lifecycle, price, id. No nearness: see `orderFrom`. */
  readonly targets: readonly Target[];
  readonly baseline: readonly Target[];
  /** Lawful targets left out because an item holds at most 128. */
  readonly dropped: number;
  /** True where `targets` is empty although lawful targets are known: none of them can take a request now. */
  readonly unusable?: boolean | undefined;
  /** ISO 8601 UTC. */
  readonly publishedAt: string;
  /** Why this version was published, for people. */
  readonly reason: string;
  /** SHA-256, hex, of the RFC 8785 form of the item without this member. */
  readonly checksum: string;
}

/** What a publisher adds: who comes first decides the version, the clock the time, a hash the checksum. */
export type RouteDraft = Omit<Route, 'version' | 'publishedAt' | 'checksum'>;

/**
 * A stop that an operator put on a route: which targets stand, and in which order. Plan shows what it would change and
 * publishes only removals that residency demands and the present state of the targets that stand.
 */
export interface Hold {
  readonly model: string;
  readonly residency: string;
  readonly by: string;
  readonly reason: string;
  /** ISO 8601 UTC. */
  readonly until: string;
}

/** A hold with the region whose control item carries it: only from there can it be lifted. */
export interface PlacedHold extends Hold {
  readonly region: string;
}

/** A target's-fault outcome that a gateway saw on the data path. */
export interface Signal {
  readonly target: string;
  readonly gatewayRegion: string;
  readonly outcome: string;
  readonly errorName?: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
}
