import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { houseError } from '#core/errors/catalogue.ts';
import type { Route, Signal } from '#core/plan/route.ts';
import type { RouteStore } from '#usecases/ports/route-store.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';

/** How a gateway region's replica of the routing table answers. */
export type ReplicaTrouble = 'none' | 'dark' | 'hangs';

/** The routing table: written at home, read by gateways from replicas that hear of it a while later. */
export class RouteReplicas {
  readonly home: RouteStore;
  readonly #time: VirtualTime;
  readonly #replicas = new Map<string, Replica>();
  readonly #lagMs: number;
  readonly #signals = new Map<string, Signal>();

  /** @param lagMs until a replica has what was written at home */
  constructor(
    time: VirtualTime,
    { homeRegion, lagMs }: { readonly homeRegion: string; readonly lagMs: number },
  ) {
    this.#time = time;
    this.#lagMs = lagMs;
    const store = createMemoryRouteStore(homeRegion);
    this.home = {
      ...store,
      publish: async (route) => {
        const published = await store.publish(route);
        if (published) this.#replicate(route);
        return published;
      },
      loadSignals: async () => [...this.#signals.values()],
    };
  }

  /** What a gateway of that region reads and writes. */
  replica(region: string): RouteStore {
    return this.#open(region).store(this.home, (signal) => this.#hear(signal));
  }

  /** @param trouble of that region's replica, from now on */
  trouble(region: string, trouble: ReplicaTrouble): void {
    this.#open(region).trouble = trouble;
  }

  /** Somebody wrote to that region's replica what no plan published. */
  plant(region: string, routes: readonly Route[]): void {
    for (const route of routes) this.#open(region).put(route);
  }

  /** What was planted in that region's replica is overwritten by what stands at home. */
  async restore(region: string): Promise<void> {
    const { routes } = await this.home.loadAll();
    for (const route of routes) this.#open(region).put(route);
  }

  #open(region: string): Replica {
    const known = this.#replicas.get(region);
    if (known !== undefined) return known;
    const made = new Replica(region);
    this.#replicas.set(region, made);
    return made;
  }

  #replicate(route: Route): void {
    for (const replica of this.#replicas.values()) this.#time.after(this.#lagMs, () => replica.put(route));
  }

  /** Signals travel home as routes travel out. */
  #hear(signal: Signal): void {
    const key = `${signal.gatewayRegion} ${signal.target}`;
    this.#time.after(this.#lagMs, () => void this.#signals.set(key, signal));
  }
}

class Replica {
  readonly #region: string;
  readonly #routes = new Map<string, Route>();
  trouble: ReplicaTrouble = 'none';

  constructor(region: string) {
    this.#region = region;
  }

  put(route: Route): false {
    this.#routes.set(`${route.model}#${route.residency}`, route);
    return false;
  }

  store(home: RouteStore, hear: (signal: Signal) => void): RouteStore {
    return {
      ...home,
      region: this.#region,
      load: (model, residency) => this.#answer(() => this.#routes.get(`${model}#${residency}`)),
      loadAll: () => this.#answer(() => ({ routes: [...this.#routes.values()], badItems: 0 })),
      saveSignal: (signal) => this.#answer(() => hear(signal)),
    };
  }

  #answer<Value>(value: () => Value): Promise<Value> {
    if (this.trouble === 'hangs') return new Promise(() => undefined);
    if (this.trouble === 'none') return Promise.resolve(value());
    const message = 'the table does not answer';
    return Promise.reject(houseError('upstream_unavailable', { message }));
  }
}
