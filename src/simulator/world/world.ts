import { createMemoryHealthStore } from '#adapters/memory/memory-health-store.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import { responseHeaders } from '#contract/http.ts';
import type { ChatMessage } from '#core/chat/chat-request.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { ByteSource, GatewayAnswer } from '#usecases/gateway/gateway-answer.ts';
import type { Digest } from '#usecases/ports/digest.ts';
import type { RequestRecord } from '#usecases/ports/gateway-metrics.ts';
import type { Log } from '#usecases/ports/log.ts';
import { Chance } from '../engine/chance.ts';
import { VirtualTime } from '../engine/virtual-time.ts';
import { CallerView } from './caller-view.ts';
import { PromptShelf } from './canonical-call.ts';
import { ControlPlane } from './control-plane.ts';
import { GatewayRegion } from './gateway-region.ts';
import type { CatalogueTrouble, RegionTruth } from './region-catalogue.ts';
import { RouteReplicas } from './route-replicas.ts';
import type { ServingWorld } from './serving.ts';
import { type CallersOfMessages, type SentCall, SimulatedInvoker } from './simulated-invoker.ts';
import type { SimulatedRequest } from './simulated-request.ts';

export interface WorldOptions {
  readonly seed: string;
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  readonly digest: Digest;
  /** Epoch milliseconds at which it begins. */
  readonly startMs: number;
  /** What stands behind the targets. */
  readonly serving: (
    time: VirtualTime,
    chance: Chance,
  ) => ServingWorld & { copiesOf?: RegionTruth['copiesOf'] };
  /** Until a replica of the routing table has what was written at home. @default 1000 */
  readonly replicationMs?: number | undefined;
  /** How far each gateway's clock is ahead, by region. @default 0 */
  readonly skewMs?: Readonly<Record<string, number>> | undefined;
  /** Hears of everything that judges look at. */
  readonly witness: Witness;
}

/** How a request ended, from outside. */
export interface Ended {
  readonly request: SimulatedRequest;
  /** Of the answer's head; 499 where the caller had left, 421 where the gateway may not hold the prompt. */
  readonly status: number;
  readonly endedAtMs: number;
  readonly view: CallerView;
  readonly target: string | undefined;
  readonly tier: string | undefined;
  /** Calls that the gateway says it sent. */
  readonly attempts: number;
}

/** Told of all that happens. Nothing that it does may change the run. */
interface Witness {
  sent(call: SentCall): void;
  ended(ended: Ended): void;
  recorded(record: RequestRecord, gateway: string): void;
  /** A line of a product's log at level `error`. */
  defect(event: string, facts: object | undefined): void;
}

/** Gateways, a control plane and what they stand on, in virtual time. */
export class World {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly routes: RouteReplicas;
  readonly control: ControlPlane;
  readonly gateways: ReadonlyMap<string, GatewayRegion>;
  readonly #options: WorldOptions;
  readonly #truths = new Map<string, RegionTruth>();
  readonly #callers: CallersOfMessages = new WeakMap<ChatMessage, SimulatedRequest>();
  readonly #shelf = new PromptShelf();
  #open = 0;

  constructor(options: WorldOptions) {
    const { seed, config, facts, digest, startMs, serving } = options;
    this.#options = options;
    this.time = new VirtualTime(startMs);
    this.chance = new Chance(seed);
    const { time, chance } = this;
    const servingWorld = serving(time, chance);
    const lagMs = options.replicationMs ?? 1_000;
    this.routes = new RouteReplicas(time, { homeRegion: config.home.region, lagMs });
    const copiesOf = (endpoint: string) => servingWorld.copiesOf?.(endpoint);
    const truthOf = (region: string) => this.#truthOf(region, copiesOf);
    const log = this.#log();
    this.control = new ControlPlane({
      config,
      facts,
      digest,
      time,
      chance,
      routes: this.routes.home,
      log,
      truthOf,
    });
    this.gateways = new Map(
      config.gateways.map((region) => [region, this.#openGateway(region, servingWorld, log)]),
    );
  }

  /** Requests that have come and not ended. */
  get open(): number {
    return this.#open;
  }

  /** The control plane has run once, and every gateway has read what its replica had of it by then. */
  async begin(): Promise<void> {
    await this.#through(this.control.begin());
    await this.#through(Promise.all([...this.gateways.values()].map((gateway) => gateway.start())));
    this.control.start();
  }

  /** Plans a request for its time. @param then called when it has come */
  plan(request: SimulatedRequest, then?: () => void): void {
    this.time.at(request.atMs, () => {
      then?.();
      this.#arrive(request);
    });
  }

  /** Nothing repeats by itself any more: what is under way comes to its end. */
  stop(): void {
    this.control.stop();
    for (const gateway of this.gateways.values()) gateway.stop();
  }

  /** @param trouble with that region's control-plane APIs, from now on */
  troubleCatalogue(region: string, trouble: CatalogueTrouble): void {
    this.#truthOf(region).trouble = trouble;
  }

  #arrive(request: SimulatedRequest): void {
    this.#open += 1;
    const leaving = new AbortController();
    const view = new CallerView(() => this.time.nowMs);
    const { leavesAfterMs } = request;
    const stay =
      leavesAfterMs === undefined ? undefined : this.time.after(leavesAfterMs, () => leaving.abort());
    const answering = this.gateways.get(request.gateway)?.answer(request, view, leaving.signal);
    const end = (answer: GatewayAnswer | undefined) => {
      stay?.();
      this.#end(request, view, answer);
    };
    if (answering === undefined) {
      end(undefined);
      return;
    }
    answering
      .then(async (answer) => {
        await readOut(answer, view, leaving.signal);
        end(answer);
      })
      .catch((error: unknown) =>
        this.#options.witness.defect('request-rejected', { requestId: request.id, error }),
      );
  }

  #end(request: SimulatedRequest, view: CallerView, answer: GatewayAnswer | undefined): void {
    this.#open -= 1;
    const header = (name: string) => answer?.headers.get(name);
    this.#options.witness.ended({
      request,
      view,
      status: answer?.status ?? 421,
      endedAtMs: this.time.nowMs,
      target: header(responseHeaders.target),
      tier: header(responseHeaders.tier),
      attempts: Number(header(responseHeaders.attempts) ?? 0),
    });
  }

  /** Lets time go on until that work is done. */
  async #through(work: Promise<unknown>): Promise<void> {
    let done = false;
    const end = () => {
      done = true;
    };
    work.then(end, end);
    for (let rounds = 0; !done; rounds += 1) {
      if (rounds > THROUGH_SECONDS_MAX) throw new Error('the world does not get under way');
      await this.time.run(this.time.nowMs + 1_000);
    }
    await work;
  }

  #truthOf(region: string, copiesOf: RegionTruth['copiesOf'] = () => undefined): RegionTruth {
    const known = this.#truths.get(region);
    if (known !== undefined) return known;
    const made: RegionTruth = { region, trouble: 'none', gone: new Set(), copiesOf };
    this.#truths.set(region, made);
    return made;
  }

  #openGateway(region: string, world: ServingWorld, log: Log): GatewayRegion {
    const { config, facts, witness, skewMs } = this.#options;
    const { time, chance } = this;
    const callers = this.#callers;
    return new GatewayRegion({
      region,
      config,
      facts,
      time,
      chance,
      routes: this.routes.replica(region),
      observations: this.control.observations,
      health: createMemoryHealthStore(region),
      invoker: new SimulatedInvoker({
        gateway: region,
        world,
        callers,
        onSent: (call) => witness.sent(call),
      }),
      metrics: {
        record: (record) => witness.recorded(record, region),
        ejected: () => undefined,
        count: () => undefined,
      },
      log,
      shelf: this.#shelf,
      callers,
      skewMs: skewMs?.[region] ?? 0,
    });
  }

  #log(): Log {
    return {
      write: (level, event, facts) => {
        if (level === 'error') this.#options.witness.defect(event, facts);
      },
    };
  }
}

const THROUGH_SECONDS_MAX = 600;

/** Reads an answer to its end, as a caller does that takes all at once. */
async function readOut({ body }: GatewayAnswer, view: CallerView, signal: AbortSignal): Promise<void> {
  if (body === null || typeof body === 'string') return;
  await drain(body, view, signal);
}

async function drain(source: ByteSource, view: CallerView, signal: AbortSignal): Promise<void> {
  let open = true;
  const sink = {
    desiredSize: 1,
    takesMore: () => true,
    enqueue: (bytes: Uint8Array) => {
      view.receivedBytes += bytes.length;
    },
    close: () => {
      open = false;
    },
  };
  const leave = () => {
    open = false;
    source.cancel();
  };
  signal.addEventListener('abort', leave, { once: true });
  while (open) await source.pull(sink);
  signal.removeEventListener('abort', leave);
}
