/** `/_local/traffic` of local mode: requests in the rhythm and the sizes of recorded ones. No deployed gateway has it. */

export const trafficTraces = ['conversation', 'longContext'] as const;

/** By which trace of data/traffic.json requests come, and how long they are. */
export type TrafficTrace = (typeof trafficTraces)[number];

/** What `PUT /_local/traffic` takes; every field may be left out. */
export interface TrafficOrder {
  /** Mean over the trace, whose bursts stay. @default 4 */
  readonly requestsPerSecond?: number;
  /** After this it ends by itself. @default 120 */
  readonly seconds?: number;
  /** @default conversation */
  readonly trace?: TrafficTrace;
  /** Logical model that is asked. @default - all that chat, in turn */
  readonly model?: string;
  /** @default - the default of the tenant whose key is used */
  readonly residency?: string;
  /** Regions of the gateways that are asked, in turn. @default - all inside the residency */
  readonly gateways?: readonly string[];
}

/** What is being done, with every default filled in. */
export interface TrafficSettings {
  readonly requestsPerSecond: number;
  readonly seconds: number;
  readonly trace: TrafficTrace;
  readonly models: readonly string[];
  /** Null where the tenant has no default and none was named: then every request is refused. */
  readonly residency: string | null;
  readonly gateways: readonly string[];
}

/** How one request ended. */
export interface TrafficAnswer {
  /** When it ended, UTC. */
  readonly at: string;
  readonly model: string;
  /** Region of the gateway that was asked. */
  readonly gateway: string;
  /** From the request to the end of the answer. */
  readonly milliseconds: number;
  /** Null where nobody answered the connection. */
  readonly status: number | null;
  /** The error's code; null for an answer that came whole. */
  readonly code: string | null;
  /** Who answered and where, and how many targets were asked for it; null where none answered. */
  readonly tier: string | null;
  readonly region: string | null;
  readonly attempts: number | null;
}

/** What ended within one second. */
export interface TrafficSecond {
  /** Its beginning, UTC. */
  readonly at: string;
  /** Answers that came whole, by the region that served them. */
  readonly answeredByRegion: Readonly<Record<string, number>>;
  /** All others, by the error's code. */
  readonly failedByCode: Readonly<Record<string, number>>;
  /** Answers that took more than one attempt. */
  readonly failedOver: number;
  /** Median and 95th percentile of the whole answers' times; null without one. */
  readonly millisecondsP50: number | null;
  readonly millisecondsP95: number | null;
}

/** What `GET /_local/traffic` answers; PUT and DELETE answer it too. */
export interface TrafficReport {
  readonly running: boolean;
  /** Null before the first start. */
  readonly settings: TrafficSettings | null;
  readonly startedAt: string | null;
  readonly endsAt: string | null;
  readonly sent: number;
  readonly answered: number;
  readonly failed: number;
  /** Left out because too many were under way already. */
  readonly notSent: number;
  readonly underWay: number;
  /** The latest two minutes in which something ended, oldest first. */
  readonly seconds: readonly TrafficSecond[];
  /** The latest answers, newest first. */
  readonly recent: readonly TrafficAnswer[];
  /** What may be ordered here. */
  readonly choices: {
    readonly models: readonly string[];
    readonly residencies: readonly string[];
    readonly gateways: readonly string[];
    readonly requestsPerSecondMax: number;
    readonly secondsMax: number;
  };
}
