import type { Target } from '#core/target.ts';
import type { Random } from '#core/units/random.ts';
import type { Clock } from '../ports/clock.ts';
import type { GatewayMetrics } from '../ports/gateway-metrics.ts';
import type { HealthStore } from '../ports/health-store.ts';
import type { Log } from '../ports/log.ts';
import type { HealthBook, HealthNews } from './health-book.ts';
import { HealthTeller, isFailure } from './health-teller.ts';
import { claimProbePlace } from './probe-place.ts';
import { putBounded } from './put-bounded.ts';
import { SharedHealthView } from './shared-health-view.ts';
import type { WriteBehind } from './write-behind.ts';

/**
 * What the processes of a region tell each other of failing targets, through the table. Writes on failures and on what
 * they lead to, never waits but for a probe's place, and never fails: without the table each process knows what it saw.
 */
export interface HealthSharing {
  noted(news: HealthNews): void;
  /** Whether this request may be the probe of the target. Undefined where none is due, or nobody else knows of it. */
  claimProbe(target: Target): Promise<boolean> | undefined;
  /** Whether another process told that the key is out. */
  isOthers(key: string): boolean;
  /** Reads what the others told. Never rejects. */
  refresh(): Promise<void>;
  /** Goes on reading in the background. */
  start(): void;
  stop(): void;
}

export interface HealthSharingDependencies {
  /** @default - every process by itself */
  readonly health?: HealthStore | undefined;
  readonly book: HealthBook;
  readonly behind: Pick<WriteBehind, 'add'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: GatewayMetrics;
}

export function createHealthSharing(dependencies: HealthSharingDependencies): HealthSharing {
  const { health: store } = dependencies;
  return store === undefined ? sharedWithNobody(dependencies) : new TableSharing(dependencies, store);
}

function sharedWithNobody({ clock, metrics }: HealthSharingDependencies): HealthSharing {
  return {
    noted: ({ key, before, after, model, event }) => {
      const isOut = after.kind === 'ejected' && before.kind !== 'ejected' && event.kind !== 'abandoned';
      if (isOut && model !== undefined) metrics.ejected({ at: clock.now(), target: key, model });
    },
    claimProbe: () => undefined,
    isOthers: () => false,
    refresh: () => Promise.resolve(),
    start: () => undefined,
    stop: () => undefined,
  };
}

class TableSharing implements HealthSharing {
  private readonly dependencies: HealthSharingDependencies;
  private readonly view: SharedHealthView;
  private readonly teller: HealthTeller;
  /** Names this process among those of its region. */
  private readonly self: string;
  /** The model whose call last told of a key. */
  private readonly models = new Map<string, string>();

  constructor(dependencies: HealthSharingDependencies, store: HealthStore) {
    const { book, clock, random } = dependencies;
    const self = Math.floor(random.next() * 2 ** 40).toString(36);
    this.dependencies = dependencies;
    this.self = self;
    this.view = new SharedHealthView({
      ...dependencies,
      store,
      onView: (key, health) => book.believe(key, health, { self, at: clock.now() }),
      onRead: (key, health) => this.teller.confirm(key, health),
      onEjection: (key) => this.countEjection(key),
    });
    this.teller = new HealthTeller({ ...dependencies, view: this.view, self });
  }

  noted(news: HealthNews): void {
    const { key, event, after, model } = news;
    // Nearly every step is a good answer of a target that nobody complained of.
    if (this.view.isEmpty() && event.kind === 'answered' && after.kind === 'healthy' && !isFailure(news))
      return;
    if (model !== undefined) putBounded(this.models, key, model);
    this.teller.noted(news);
  }

  claimProbe(target: Target): Promise<boolean> | undefined {
    const { view, self } = this;
    return claimProbePlace({ ...this.dependencies, view, self }, target);
  }

  isOthers(key: string): boolean {
    const by = this.view.of(key)?.standing?.by;
    return by !== undefined && by !== this.self;
  }

  refresh(): Promise<void> {
    return this.view.refresh();
  }

  start(): void {
    void this.view.refreshOn();
  }

  stop(): void {
    this.view.stop();
  }

  private countEjection(key: string): void {
    const { metrics, clock } = this.dependencies;
    const model = this.models.get(key);
    if (model !== undefined) metrics.ejected({ at: clock.now(), target: key, model });
  }
}
