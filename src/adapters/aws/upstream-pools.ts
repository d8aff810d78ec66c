/**
 * Connections to upstreams: one pool per origin, HTTP/1.1, kept alive, no pipelining, no retries.
 *
 * Load balancers and NAT gateways drop an idle connection without a word (after 350 s, or much less), and a frozen
 * function's timers do not run. So a socket that has been idle is not trusted by its timer alone: a pool that was not
 * used for a minute by either clock is replaced as a whole before the next call.
 */
/// <reference path="./undici-pool.d.ts" />
import type { Dispatcher, Pool } from 'undici';
// Of the whole package only the pool: its fetch, caches and sockets would be a sixth of a function's bundle and 15 ms of
// every cold start.
import PoolOfOrigin from 'undici/lib/dispatcher/pool.js';

/** Sockets idle this long are closed. Well under the 60 s after which reuse starts to fail in the field. */
const KEEP_ALIVE_MS = 20_000;
/** After this long without use a whole pool is replaced. */
const POOL_IDLE_MS_MAX = 45_000;
/** A floor under the connection attempts themselves; each call waits only for its own `connectMsMax`. */
const SOCKET_CONNECT_MS_MAX = 5_000;
/** Sockets per origin. Beyond it calls wait for a free one within their connect deadline. */
const CONNECTIONS_MAX = 1_024;

interface OriginPool {
  readonly pool: Pool;
  usedAt: Instants;
  inFlight: number;
}

interface Instants {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export class UpstreamPools {
  readonly #pools = new Map<string, OriginPool>();
  readonly #instants: () => Instants;

  constructor(instants: () => Instants = () => ({ wallMs: Date.now(), monotonicMs: performance.now() })) {
    this.#instants = instants;
  }

  /** A dispatcher for the origin and the word that the call has ended. */
  take(origin: string): { readonly dispatcher: Dispatcher; readonly release: () => void } {
    const now = this.#instants();
    const known = this.#pools.get(origin);
    const entry = known === undefined || isStale(known, now) ? this.#replace(origin, known, now) : known;
    entry.usedAt = now;
    entry.inFlight += 1;
    return { dispatcher: entry.pool, release: () => this.#release(entry) };
  }

  /** Ends every connection at once; calls in flight fail. */
  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map(({ pool }) => pool.destroy()));
  }

  #release(entry: OriginPool): void {
    entry.inFlight -= 1;
    entry.usedAt = this.#instants();
  }

  #replace(origin: string, old: OriginPool | undefined, usedAt: Instants): OriginPool {
    if (old !== undefined) void old.pool.destroy();
    const entry = { pool: openPool(origin), usedAt, inFlight: 0 };
    this.#pools.set(origin, entry);
    return entry;
  }
}

function isStale(entry: OriginPool, now: Instants): boolean {
  if (entry.inFlight > 0) return false;
  const idleMs = Math.max(now.wallMs - entry.usedAt.wallMs, now.monotonicMs - entry.usedAt.monotonicMs);
  return idleMs > POOL_IDLE_MS_MAX;
}

function openPool(origin: string): Pool {
  return new PoolOfOrigin(origin, {
    connections: CONNECTIONS_MAX,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    connect: { timeout: SOCKET_CONNECT_MS_MAX },
    // The use case owns every deadline after the connection and ends the call by its signal.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
