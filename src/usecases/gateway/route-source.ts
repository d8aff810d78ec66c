import { orderBaseline } from '#core/baseline/order-baseline.ts';
import { type BaselineEntry, baselineOf } from '#core/baseline/resolve-baselines.ts';
import type { Route } from '#core/plan/route.ts';
import type { Target } from '#core/target.ts';
import type { Random } from '#core/units/random.ts';
import type { Clock } from '../ports/clock.ts';
import type { GatewayMetrics } from '../ports/gateway-metrics.ts';
import type { LastGoodStore } from '../ports/last-good-store.ts';
import type { Log } from '../ports/log.ts';
import type { RouteStore } from '../ports/route-store.ts';
import { bounded } from './bounded.ts';
import type { DisabledTargets } from './disabled-targets.ts';
import type { HealthSharing } from './health-sharing.ts';
import type { WarmSharing } from './warm-sharing.ts';

/** How often the table is read: after that much time a caller may hear what it did not have before. */
export const REFRESH_EVERY_MS = 5000;
/** A table that takes longer counts as failed: a hang is a failure. */
const REFRESH_MS_MAX = 3000;
const START_MS_MAX = 250;
/** A process that was frozen finds routes older than this. */
const THAWED_AFTER_MS = 60_000;
const THAW_MS_MAX = 100;

export interface SourcedRoute {
  readonly targets: readonly Target[];
  readonly baseline: readonly Target[];
  /** 0 where only the compiled baseline is known. */
  readonly version: number;
  readonly source: 'table' | 'last-good' | 'baseline';
  /** As it came; undefined where only the compiled baseline is known. */
  readonly route: Route | undefined;
  /** No route is held, and no whole table was ever read: there may be one. */
  readonly isUnknown: boolean;
}

/**
 * Where routes come from: the table, else the last good ones (memory, then what outlived the process), else the
 * baseline compiled at deploy. Owns the routes in memory and the background refresh. What it gives is not trusted:
 * the decide stage judges every target anew.
 */
export interface RouteSource {
  routeFor(model: string, residency: string): SourcedRoute;
  /** After a long freeze: waits a moment for fresh routes. Otherwise there is nothing to wait for. */
  whenFresh(): Promise<void> | undefined;
  /** True once the first refresh has ended, well or badly. */
  hasStarted(): boolean;
  start(): Promise<void>;
  /** Never rejects; callers that come while one runs share it. */
  refresh(): Promise<void>;
  stop(): void;
}

export interface RouteSourceDependencies {
  readonly routes: RouteStore;
  readonly lastGood: LastGoodStore;
  readonly baselines: readonly BaselineEntry[];
  readonly account: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: GatewayMetrics;
  /** What others of the region told of failing targets, read in the same rounds. */
  readonly healthSharing?: Pick<HealthSharing, 'refresh'> | undefined;
  /** What they told of sleeping ones, read in the same rounds. */
  readonly warmth?: Pick<WarmSharing, 'refresh'> | undefined;
  /** Read and kept in the same rounds. */
  readonly disabledTargets?: Omit<DisabledTargets, 'at'> | undefined;
}

interface Held {
  readonly route: Route;
  /** The last whole read of the table had it. */
  readonly inTable: boolean;
}

const keyOf = (model: string, residency: string): string => `${model} ${residency}`;

export function createRouteSource(dependencies: RouteSourceDependencies): RouteSource {
  const { clock, random, metrics, log } = dependencies;
  const held = new Map<string, Held>();
  const stopping = new AbortController();
  const keep = keeperOf(dependencies, held);
  let started = false;
  let failing = false;
  /** A whole table was read: what is not held since then is known not to be there. */
  let wasRead = false;
  let endedAt: number | undefined;
  let refreshing: Promise<void> | undefined;
  const sourced = sourcing(dependencies);

  const load = async (): Promise<void> => {
    try {
      const readingBeside = readBeside(dependencies);
      const { routes, badItems } = await bounded(clock, REFRESH_MS_MAX, dependencies.routes.loadAll());
      if (badItems > 0) metrics.count('bad-route-item');
      const changed = takeTable(held, routes);
      wasRead ||= badItems === 0;
      failing = false;
      // Routes wait for nothing: they are in use already.
      await readingBeside;
      keep(changed);
    } catch (error) {
      if (!failing)
        log.write('warn', 'routes-refresh-failed', {
          error: error instanceof Error ? error.name : 'unknown',
        });
      failing = true;
      metrics.count('refresh-failed');
    } finally {
      endedAt = clock.now();
      refreshing = undefined;
    }
  };
  const refresh = (): Promise<void> => {
    refreshing ??= load();
    return refreshing;
  };
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const slept = await sleepQuietly(
        clock,
        REFRESH_EVERY_MS * (0.9 + random.next() * 0.2),
        stopping.signal,
      );
      if (slept) await refresh();
    }
  };

  return {
    routeFor: (model, residency) =>
      sourced(held.get(keyOf(model, residency)), { model, residency, failing, wasRead }),
    hasStarted: () => started,
    whenFresh: () => {
      if (endedAt === undefined || clock.now() - endedAt <= THAWED_AFTER_MS) return undefined;
      return withPatience(clock, THAW_MS_MAX, refresh());
    },
    start: async () => {
      const early = Promise.all([loadLastGood(dependencies, held), refresh()]);
      await withPatience(clock, START_MS_MAX, early);
      started = true;
      endedAt ??= clock.now();
      void loop();
    },
    refresh,
    stop: () => stopping.abort(),
  };
}

function readBeside({ disabledTargets, healthSharing, warmth }: RouteSourceDependencies): Promise<unknown> {
  return Promise.all([disabledTargets?.refresh(), healthSharing?.refresh(), warmth?.refresh()]);
}

interface Asked {
  readonly model: string;
  readonly residency: string;
  readonly failing: boolean;
  /** A whole table was read since the start. */
  readonly wasRead: boolean;
}

/** What is put together for a route stays the same object until a refresh: later stages remember by its lists. */
function sourcing(
  dependencies: RouteSourceDependencies,
): (entry: Held | undefined, asked: Asked) => SourcedRoute {
  const known = { failing: new WeakMap<Held, SourcedRoute>(), sound: new WeakMap<Held, SourcedRoute>() };
  /** Of models that no route is held of, by the names of `keyOf` and whether that is known: as many as have a compiled baseline. */
  const compiled = new Map<string, SourcedRoute>();
  const fromBaseline = (asked: Asked): SourcedRoute => {
    const key = `${keyOf(asked.model, asked.residency)} ${asked.wasRead}`;
    const sourced = compiled.get(key) ?? sourcedAnew(dependencies, undefined, asked);
    if (sourced.baseline.length > 0) compiled.set(key, sourced);
    return sourced;
  };
  return (entry, asked) => {
    if (entry === undefined) return fromBaseline(asked);
    const memory = asked.failing ? known.failing : known.sound;
    const before = memory.get(entry);
    if (before !== undefined) return before;
    const sourced = sourcedAnew(dependencies, entry, asked);
    memory.set(entry, sourced);
    return sourced;
  };
}

function sourcedAnew(
  dependencies: RouteSourceDependencies,
  entry: Held | undefined,
  { model, residency, failing, wasRead }: Asked,
): SourcedRoute {
  const candidates = candidatesFrom(dependencies, { model, residency, route: entry?.route });
  if (entry === undefined)
    return { ...candidates, version: 0, source: 'baseline', route: undefined, isUnknown: !wasRead };
  const { route, inTable } = entry;
  return {
    ...candidates,
    version: route.version,
    source: inTable && !failing ? 'table' : 'last-good',
    route,
    isUnknown: false,
  };
}

/** All that a request may go to by a published route, or without any, beside the baseline that was compiled with the configuration. */
export function candidatesFrom(
  { baselines, account }: Pick<RouteSourceDependencies, 'baselines' | 'account'>,
  {
    model,
    residency,
    route,
  }: { readonly model: string; readonly residency: string; readonly route: Route | undefined },
): Pick<SourcedRoute, 'targets' | 'baseline'> {
  const compiled = orderBaseline(baselineOf(baselines, model, residency), account);
  if (route === undefined) return { targets: [], baseline: compiled };
  const ids = new Set(compiled.map((target) => target.id));
  return {
    targets: route.targets,
    baseline: [...compiled, ...route.baseline.filter((target) => !ids.has(target.id))],
  };
}

/** True when something changed. */
function takeTable(held: Map<string, Held>, routes: readonly Route[]): boolean {
  const shown = new Set(routes.map(({ model, residency }) => keyOf(model, residency)));
  for (const [key, { route }] of held) if (!shown.has(key)) hold(held, route, false);
  const taken = routes.filter((route) => take(held, route, true));
  return taken.length > 0;
}

/**
 * Keeps a route unless it is older than what is held: a replica that lags shows a lower version that was also
 * published earlier, while a rollback's lower version was published later. True when something changed.
 */
function take(held: Map<string, Held>, route: Route, inTable: boolean): boolean {
  const known = held.get(keyOf(route.model, route.residency))?.route;
  const lags = known !== undefined && route.version < known.version && route.publishedAt <= known.publishedAt;
  hold(held, lags ? known : route, inTable);
  return !lags && (known?.version !== route.version || known.checksum !== route.checksum);
}

/** What is held already stays the same object. */
function hold(held: Map<string, Held>, route: Route, inTable: boolean): void {
  const key = keyOf(route.model, route.residency);
  const entry = held.get(key);
  if (entry?.route !== route || entry.inTable !== inTable) held.set(key, { route, inTable });
}

async function loadLastGood(
  { lastGood, metrics, disabledTargets }: RouteSourceDependencies,
  held: Map<string, Held>,
): Promise<void> {
  try {
    const kept = await lastGood.load();
    disabledTargets?.restore(kept?.disabled ?? []);
    for (const route of kept?.routes ?? [])
      if (!held.has(keyOf(route.model, route.residency))) take(held, route, false);
  } catch {
    metrics.count('last-good-failed');
  }
}

/** Keeps what is held for the next process, when it or what is switched off has changed. */
function keeperOf(
  dependencies: RouteSourceDependencies,
  held: ReadonlyMap<string, Held>,
): (routesChanged: boolean) => void {
  const wordsNow = () => JSON.stringify(dependencies.disabledTargets?.all());
  let kept = wordsNow();
  return (routesChanged) => {
    const words = wordsNow();
    if (routesChanged || words !== kept) void saveLastGood(dependencies, held);
    kept = words;
  };
}

async function saveLastGood(
  { lastGood, metrics, clock, disabledTargets }: RouteSourceDependencies,
  held: ReadonlyMap<string, Held>,
): Promise<void> {
  try {
    const routes = [...held.values()].map((entry) => entry.route);
    const disabled = disabledTargets?.all() ?? [];
    await lastGood.save({ savedAt: clock.now(), routes, ...(disabled.length === 0 ? {} : { disabled }) });
  } catch {
    metrics.count('last-good-failed');
  }
}

/** Waits for `work`, but no longer; the work goes on. */
async function withPatience(clock: Clock, milliseconds: number, work: Promise<unknown>): Promise<void> {
  await bounded(clock, milliseconds, work).catch(() => undefined);
}

/** False when it was woken by the signal. */
async function sleepQuietly(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(milliseconds, signal);
    return true;
  } catch {
    return false;
  }
}
