import {
  arrivedBy,
  type CopyCount,
  type CopyScaling,
  lookedAt,
  SCALING_TIMES,
  startedWith,
  wokenBy,
} from '#serving-model/copy-scaling.ts';

export interface EndpointPlace {
  readonly region: string;
  readonly endpoint: string;
}

/** What a control request says of an endpoint that scales by itself. Times in seconds, before `timeScale`. */
export interface ScalingEntry extends EndpointPlace {
  readonly copiesMin: number;
  readonly copiesMax: number;
  readonly targetConcurrencyPerCopy: number;
  /** In service now. @default copiesMin */
  readonly copies?: number;
  readonly wakeSeconds?: number;
  readonly scaleOutSeconds?: number;
  readonly scaleInSeconds?: number;
}

interface ScaledEndpoint {
  readonly entry: ScalingEntry;
  readonly policy: CopyScaling;
  count: CopyCount;
}

/** Timers cannot be set shorter; with a `timeScale` of 0 this is how often load is looked at. */
const LOOK_MS_MIN = 5;

/** Endpoints whose copies follow their load by themselves: looks at it as often as CloudWatch would, in scaled time. */
export class AutoScaling {
  readonly #timeScale: number;
  readonly #inFlightAt: (place: EndpointPlace) => number;
  readonly #endpoints = new Map<string, ScaledEndpoint>();
  #timer: NodeJS.Timeout | undefined;

  /** @param inFlightAt requests that an endpoint has, those in line counted */
  constructor(timeScale: number, inFlightAt: (place: EndpointPlace) => number) {
    this.#timeScale = timeScale;
    this.#inFlightAt = inFlightAt;
  }

  apply(entries: readonly ScalingEntry[]): void {
    for (const entry of entries) {
      const count = startedWith(entry.copies ?? entry.copiesMin, performance.now());
      this.#endpoints.set(keyOf(entry), { entry, policy: this.#policyOf(entry), count });
    }
    this.#timer ??= setInterval(() => this.#look(), this.#lookMs).unref();
  }

  /** Copies that serve and copies that are wanted; undefined where the endpoint does not scale by itself. */
  copies(place: EndpointPlace): { readonly current: number; readonly desired: number } | undefined {
    const scaled = this.#endpoints.get(keyOf(place));
    if (scaled === undefined) return undefined;
    const { copies, ordered } = arrivedBy(scaled.count, performance.now());
    return { current: copies, desired: ordered?.copies ?? copies };
  }

  /** A call found no copy. */
  refused(place: EndpointPlace): void {
    const scaled = this.#endpoints.get(keyOf(place));
    if (scaled !== undefined) scaled.count = wokenBy(scaled.policy, scaled.count, performance.now());
  }

  list(): readonly object[] {
    return [...this.#endpoints.values()].map(({ entry, count }) => {
      const { copies, ordered, paidMs } = arrivedBy(count, performance.now());
      return {
        ...entry,
        copies,
        copiesDesired: ordered?.copies ?? copies,
        paidCopySeconds: this.#timeScale === 0 ? 0 : paidMs / this.#timeScale / 1000,
      };
    });
  }

  remove(place: EndpointPlace): void {
    this.#endpoints.delete(keyOf(place));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#endpoints.clear();
  }

  get #lookMs(): number {
    return Math.max(LOOK_MS_MIN, SCALING_TIMES.lookMs * this.#timeScale);
  }

  #policyOf({ wakeSeconds, scaleOutSeconds, scaleInSeconds, ...entry }: ScalingEntry): CopyScaling {
    const scaled = (seconds: number | undefined, otherwiseMs: number): number =>
      (seconds === undefined ? otherwiseMs : seconds * 1000) * this.#timeScale;
    return {
      ...entry,
      wakeMs: scaled(wakeSeconds, SCALING_TIMES.wakeMs),
      scaleOutMs: scaled(scaleOutSeconds, SCALING_TIMES.scaleOutMs),
      scaleInMs: scaled(scaleInSeconds, SCALING_TIMES.scaleInMs),
    };
  }

  #look(): void {
    const atMs = performance.now();
    for (const scaled of this.#endpoints.values()) {
      const inFlight = this.#inFlightAt(scaled.entry);
      scaled.count = lookedAt(scaled.policy, scaled.count, { atMs, inFlight });
    }
  }
}

const keyOf = ({ region, endpoint }: EndpointPlace): string => `${region}|${endpoint}`;
