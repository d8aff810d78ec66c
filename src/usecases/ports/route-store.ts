/** The routing table. Written by plan and by operators; read by gateways and by other products. */
import type { Hold, PlacedHold, Route, Signal } from '#core/plan/route.ts';

/** A stored item that readers refuse. */
export interface BadRouteItem {
  readonly model: string;
  readonly residency: string;
  /** `schema`: written by a newer product. `shape` or `checksum`: damaged. */
  readonly why: 'schema' | 'shape' | 'checksum';
  /** The stored version, where that much can be read: a repair publishes the next one. */
  readonly version?: number | undefined;
}

export interface RouteStore {
  /** Whose control items this store writes. */
  readonly region: string;
  /** Undefined when nothing was ever published. A bad item (shape, checksum, schema) counts as `bad`, never served. */
  load(model: string, residency: string): Promise<Route | undefined>;
  loadAll(): Promise<{
    readonly routes: readonly Route[];
    readonly badItems: number;
    /** Which items they are, where the store can tell. */
    readonly bad?: readonly BadRouteItem[] | undefined;
  }>;
  /**
   * Publishes `route` if the stored version is still `route.version - 1` (or none for version 1), and keeps the
   * version in the history (30 versions, and more where they are kept for longer). False: somebody else published; nothing was written.
   */
  publish(route: Route): Promise<boolean>;
  /** Newest first, at most 30. */
  loadHistory(model: string, residency: string): Promise<readonly Route[]>;
  /** One published version, for as long as it is kept. Undefined where it is not, or cannot be read. */
  loadVersion(model: string, residency: string, version: number): Promise<Route | undefined>;
  /** Of every region's control items, those whose time is over too. */
  loadHolds(): Promise<readonly PlacedHold[]>;
  /** Into the control item of the store's own region; replaces that region's hold of the route. */
  saveHold(hold: Hold): Promise<void>;
  /** Last signal per target and gateway region. */
  loadSignals(): Promise<readonly Signal[]>;
  /** Idempotent per (gateway region, target): the latest replaces. Written on failures only. */
  saveSignal(signal: Signal): Promise<void>;
}
