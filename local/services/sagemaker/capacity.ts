import { OverrideStore } from '../../world/override-store.ts';
import type { AutoScaling, EndpointPlace } from './auto-scaling.ts';

/** Copies or instances on their way from one number to another. Fewer is at once, more takes a cold start. */
export interface Scaling {
  readonly desired: number;
  readonly before: number;
  readonly readyAtMs: number;
}

/** What a control request says of an endpoint in a region, in whatever account it stands. */
export interface EndpointOverride {
  readonly region: string;
  readonly endpoint: string;
  /** 0 is scaled to zero. */
  readonly copies?: number;
  /** False: the copies are ordered and none serves yet. */
  readonly warm?: boolean;
}

/** Copies that are wanted, and copies that serve now. */
export interface Copies {
  readonly desired: number;
  readonly current: number;
}

/** A number that is there from the start. */
export function settled(count: number): Scaling {
  return { desired: count, before: count, readyAtMs: 0 };
}

/**
 * How many copies an endpoint has: what the control API says, else what its load has led to where it scales by itself,
 * else what was ordered through the API.
 */
export class Capacity {
  readonly overrides = new OverrideStore<EndpointOverride>(keyOf);
  readonly scaling: AutoScaling;
  readonly #coldStartMs: number;

  constructor(coldStartMs: number, scaling: AutoScaling) {
    this.#coldStartMs = coldStartMs;
    this.scaling = scaling;
  }

  /** An order through the API: it ends what the control API said of this endpoint. */
  order(scaling: Scaling, desired: number, place: EndpointPlace): Scaling {
    const { current } = this.copies(scaling, place);
    this.overrides.remove(keyOf(place));
    this.scaling.remove(place);
    if (desired <= current) return settled(desired);
    return { desired, before: current, readyAtMs: Date.now() + this.#coldStartMs };
  }

  copies(scaling: Scaling, place: EndpointPlace): Copies {
    const override = this.overrides.get(keyOf(place));
    const scaled = this.scaling.copies(place);
    const ordered = Date.now() >= scaling.readyAtMs ? scaling.desired : scaling.before;
    const desired = override?.copies ?? scaled?.desired ?? scaling.desired;
    const reached = scaled?.current ?? ordered;
    return { desired, current: override?.warm === false ? 0 : (override?.copies ?? reached) };
  }
}

function keyOf({ region, endpoint }: EndpointPlace): string {
  return `${region}|${endpoint}`;
}
