import { BatchEngine, type BatchEvents } from '#serving-model/batch-engine.ts';
import type { KvEngine } from '#serving-model/kv-engine.ts';
import { PrefixCache } from '#serving-model/prefix-cache.ts';
import type { BackendRequest } from './serving-backend.ts';

/** What each copy is. */
export interface CopyKind {
  readonly engine: KvEngine;
  /** @default - prompts share nothing but what each call says of itself */
  readonly prefixCache?: { readonly blocksMax: number; readonly blockTokens: number } | undefined;
}

/** One process that serves the model. */
export interface ServingCopy {
  readonly engine: BatchEngine;
  readonly prefixes: PrefixCache | undefined;
  /** Takes nothing new, since then; it goes when it has ended what it has. */
  drainingSinceMs: number | undefined;
}

/** Copies of one model, and which of them has which request. New ones go where the fewest are, the oldest copy before others. */
export class CopySet implements BatchEvents {
  readonly #kind: CopyKind;
  readonly #onEnded: ((copy: ServingCopy, atMs: number) => void) | undefined;
  readonly #copies: ServingCopy[] = [];
  readonly #copyOf = new Map<number, ServingCopy>();
  #events: BatchEvents | undefined;
  #requestMs = 0;
  #countedMs = 0;

  /** @param onEnded hears when a copy is done with a request, or its caller has gone */
  constructor(kind: CopyKind, onEnded?: (copy: ServingCopy, atMs: number) => void) {
    this.#kind = kind;
    this.#onEnded = onEnded;
  }

  get copies(): readonly ServingCopy[] {
    return this.#copies;
  }

  get inFlight(): number {
    return this.#copyOf.size;
  }

  /** Requests × milliseconds that were spent in it until then. */
  requestMs(atMs: number): number {
    return this.#requestMs + this.#copyOf.size * (atMs - this.#countedMs);
  }

  add(): ServingCopy {
    const { engine, prefixCache } = this.#kind;
    const prefixes = prefixCache === undefined ? undefined : new PrefixCache(prefixCache);
    const copy = { engine: new BatchEngine(engine), prefixes, drainingSinceMs: undefined };
    this.#copies.push(copy);
    return copy;
  }

  /** Takes a copy out. Answers the requests that it had, which nobody serves now. */
  remove(copy: ServingCopy, atMs: number): readonly number[] {
    this.#copies.splice(this.#copies.indexOf(copy), 1);
    const lost =
      copy.engine.size === 0 ? [] : [...this.#copyOf].filter(([, of]) => of === copy).map(([id]) => id);
    for (const id of lost) this.#forget(id, atMs);
    return lost;
  }

  /** The copy with the fewest requests of those that take new ones. */
  leastLoaded(): ServingCopy | undefined {
    let least: ServingCopy | undefined;
    for (const copy of this.#copies) {
      if (copy.drainingSinceMs !== undefined) continue;
      if (least === undefined || copy.engine.size < least.engine.size) least = copy;
    }
    return least;
  }

  enter(copy: ServingCopy, atMs: number, request: BackendRequest): void {
    const { id, inputTokens, outputTokens, prefixHashes } = request;
    const found = prefixHashes === undefined ? undefined : copy.prefixes?.read(prefixHashes);
    const cachedTokens = request.cachedTokens ?? found;
    copy.engine.enter(atMs, { id, inputTokens, outputTokens, cachedTokens });
    this.#count(atMs);
    this.#copyOf.set(id, copy);
  }

  leave(id: number, atMs: number): boolean {
    const copy = this.#copyOf.get(id);
    if (copy === undefined) return false;
    copy.engine.leave(id, atMs);
    this.#forget(id, atMs);
    return true;
  }

  writtenTokens(id: number, atMs: number): number {
    return this.#copyOf.get(id)?.engine.writtenTokens(id, atMs) ?? 0;
  }

  nextAtMs(): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { engine } of this.#copies) nextMs = Math.min(nextMs, engine.nextAtMs());
    return nextMs;
  }

  /** The events of all copies in order of time. */
  advance(atMs: number, events: BatchEvents): void {
    this.#events = events;
    for (let nextMs = this.nextAtMs(); nextMs <= atMs; nextMs = this.nextAtMs())
      for (const { engine } of this.#copies) if (engine.nextAtMs() === nextMs) engine.advance(nextMs, this);
    this.#events = undefined;
  }

  firstToken(id: number, atMs: number): void {
    this.#events?.firstToken(id, atMs);
  }

  finished(id: number, atMs: number): void {
    this.#forget(id, atMs);
    this.#events?.finished(id, atMs);
  }

  preempted(id: number, atMs: number): void {
    this.#events?.preempted(id, atMs);
  }

  #forget(id: number, atMs: number): void {
    this.#count(atMs);
    const copy = this.#copyOf.get(id);
    if (copy !== undefined && this.#copyOf.delete(id)) this.#onEnded?.(copy, atMs);
  }

  #count(atMs: number): void {
    this.#requestMs = this.requestMs(atMs);
    this.#countedMs = atMs;
  }
}
