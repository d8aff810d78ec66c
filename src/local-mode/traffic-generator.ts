/**
 * Sends recorded traffic through the gateways of local mode until its time is over, it is stopped, or local mode ends.
 *
 * Invariant: never more requests under way than `underWayMax`; what would be one more is left out and counted.
 */
import type { TrafficReport, TrafficSettings } from '#contract/local-traffic.ts';
import type { TrafficGround } from './traffic-order.ts';
import { sendTraffic } from './traffic-request.ts';
import { TrafficTally } from './traffic-tally.ts';
import { playTrace, type TracedRequest } from './traffic-trace.ts';

const underWayMax = 200;

export class TrafficGenerator {
  readonly #ground: TrafficGround;
  readonly #urls: () => Readonly<Record<string, string>>;
  #run: TrafficRun | undefined;

  constructor(ground: TrafficGround, urls: () => Readonly<Record<string, string>>) {
    this.#ground = ground;
    this.#urls = urls;
  }

  /** Ends what runs, and begins anew, counts included. */
  start(settings: TrafficSettings): void {
    void this.#run?.stop();
    const { key = '' } = this.#ground;
    this.#run = new TrafficRun({ settings, key, urls: this.#urls });
  }

  /** Sends no more, breaks off what is under way, and keeps the counts. */
  async close(): Promise<void> {
    await this.#run?.stop();
  }

  get report(): TrafficReport {
    const { choices } = this.#ground;
    return { ...(this.#run?.report ?? neverRan), choices };
  }
}

const neverRan: Omit<TrafficReport, 'choices'> = {
  running: false,
  settings: null,
  startedAt: null,
  endsAt: null,
  sent: 0,
  answered: 0,
  failed: 0,
  notSent: 0,
  underWay: 0,
  seconds: [],
  recent: [],
};

class TrafficRun {
  readonly #settings: TrafficSettings;
  readonly #key: string;
  readonly #urls: () => Readonly<Record<string, string>>;
  readonly #requestAt: (index: number) => TracedRequest;
  readonly #tally = new TrafficTally();
  readonly #underWay = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #startedAtMs = performance.now();
  readonly #startedAt = Date.now();
  #timer: NodeJS.Timeout | undefined;
  #next = 0;
  #sent = 0;
  #notSent = 0;

  constructor(run: {
    readonly settings: TrafficSettings;
    readonly key: string;
    readonly urls: () => Readonly<Record<string, string>>;
  }) {
    this.#settings = run.settings;
    this.#key = run.key;
    this.#urls = run.urls;
    this.#requestAt = playTrace(run.settings.trace, run.settings.requestsPerSecond);
    this.#sendDue();
  }

  get report(): Omit<TrafficReport, 'choices'> {
    return {
      running: this.#timer !== undefined,
      settings: this.#settings,
      startedAt: new Date(this.#startedAt).toISOString(),
      endsAt: new Date(this.#startedAt + this.#settings.seconds * 1000).toISOString(),
      sent: this.#sent,
      answered: this.#tally.answered,
      failed: this.#tally.failed,
      notSent: this.#notSent,
      underWay: this.#underWay.size,
      seconds: this.#tally.seconds,
      recent: this.#tally.recent,
    };
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stop.abort();
    await Promise.all(this.#underWay);
  }

  /** Sends all whose time has come, and waits for the next one's. */
  #sendDue(): void {
    this.#timer = undefined;
    const nowMs = performance.now() - this.#startedAtMs;
    const endMs = this.#settings.seconds * 1000;
    for (; ; this.#next += 1) {
      const request = this.#requestAt(this.#next);
      if (request.dueMs >= endMs) break;
      if (request.dueMs > nowMs) {
        this.#timer = setTimeout(() => this.#sendDue(), request.dueMs - nowMs);
        return;
      }
      this.#send(request);
    }
  }

  #send({ inputTokens, outputTokens }: TracedRequest): void {
    if (this.#underWay.size >= underWayMax) {
      this.#notSent += 1;
      return;
    }
    const { gateways, models, residency } = this.#settings;
    const gateway = gateways[this.#next % gateways.length] ?? '';
    // Every gateway is asked for every model, also where there are as many of the one as of the other.
    const model = models[Math.floor(this.#next / gateways.length) % models.length] ?? '';
    const url = this.#urls()[gateway] ?? '';
    const call = { url, gateway, key: this.#key, model, residency, inputTokens, outputTokens };
    this.#sent += 1;
    const done = sendTraffic(call, this.#stop.signal).then((answer) => {
      this.#underWay.delete(done);
      if (!this.#stop.signal.aborted) this.#tally.add(answer);
    });
    this.#underWay.add(done);
  }
}
