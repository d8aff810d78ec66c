import {
  createMemoryCapacityLedger,
  type MemoryCapacityLedger,
} from '#adapters/memory/memory-capacity-ledger.ts';
import { createMemoryChangeLog } from '#adapters/memory/memory-change-log.ts';
import { createMemoryLastGoodStore } from '#adapters/memory/memory-last-good-store.ts';
import { createMemoryRateLedger } from '#adapters/memory/memory-rate-ledger.ts';
import { createMemoryVerificationStore } from '#adapters/memory/memory-verification-store.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { stableHash } from '#core/units/stable-hash.ts';
import type { GatewayAnswer } from '#usecases/gateway/gateway-answer.ts';
import type { GatewayRequest } from '#usecases/gateway/gateway-request.ts';
import { leadCall } from '#usecases/gateway/lead-call.ts';
import { openServices } from '#usecases/gateway/open-services.ts';
import { place } from '#usecases/gateway/place.ts';
import type { Services } from '#usecases/gateway/services.ts';
import type { GatewayMetrics } from '#usecases/ports/gateway-metrics.ts';
import type { HealthStore } from '#usecases/ports/health-store.ts';
import type { Log } from '#usecases/ports/log.ts';
import type { ModelInvoker } from '#usecases/ports/model-invoker.ts';
import type { ObservationStore } from '#usecases/ports/observation-store.ts';
import type { RouteStore } from '#usecases/ports/route-store.ts';
import type { Chance } from '../engine/chance.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import type { CallerView } from './caller-view.ts';
import { canonicalCall, type PromptShelf } from './canonical-call.ts';
import type { CallersOfMessages } from './simulated-invoker.ts';
import type { SimulatedRequest } from './simulated-request.ts';

export interface GatewayRegionParts {
  readonly region: string;
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly routes: RouteStore;
  readonly observations: ObservationStore;
  readonly health: HealthStore;
  readonly invoker: ModelInvoker;
  readonly metrics: GatewayMetrics;
  readonly log: Log;
  readonly shelf: PromptShelf;
  readonly callers: CallersOfMessages;
  /** How far the process's clock is ahead of the true time. */
  readonly skewMs: number;
}

const noHeaders = new Headers();
const address = new URL('https://gateway.example/');

/** The shipped gateway of one region, entered behind ingress. */
export class GatewayRegion {
  readonly capacity: MemoryCapacityLedger = createMemoryCapacityLedger();
  readonly #parts: GatewayRegionParts;
  readonly #services: Services;
  #ids = 0;

  constructor(parts: GatewayRegionParts) {
    const { region, config, time, chance, skewMs } = parts;
    this.#parts = parts;
    this.#services = openServices({
      region,
      account: config.accounts.find(({ regions }) => regions.includes(region))?.id ?? '',
      config,
      facts: parts.facts,
      routes: parts.routes,
      observations: parts.observations,
      changes: createMemoryChangeLog(),
      verifications: createMemoryVerificationStore(),
      lastGood: createMemoryLastGoodStore(),
      tenants: { identify: () => 'unknown' },
      rates: createMemoryRateLedger(),
      capacity: this.capacity,
      servesMany: true,
      invoker: parts.invoker,
      clock: time.clock(skewMs),
      random: chance.stream(`gateway ${region}`),
      conversations: plainHasher,
      ids: { next: () => `${region}-${++this.#ids}` },
      log: parts.log,
      metrics: parts.metrics,
      gatewayUrls: {},
      health: parts.health,
    });
  }

  /** Reads its routes and goes on doing so. */
  start(): Promise<void> {
    this.#services.healthSharing.start();
    return this.#services.routeSource.start();
  }

  stop(): void {
    this.#services.routeSource.stop();
    this.#services.healthSharing.stop();
  }

  /** Leads a request to the head of its answer. Undefined where its residency does not allow it here. */
  answer(asked: SimulatedRequest, view: CallerView, signal: AbortSignal): Promise<GatewayAnswer> | undefined {
    const { config, time, shelf, callers } = this.#parts;
    const services = this.#services;
    const tenant = config.tenants[asked.tenant];
    const modelConfig = config.models[asked.model];
    if (tenant === undefined || modelConfig === undefined) return undefined;
    const placed = place(services, { name: asked.tenant, ...tenant }, asked.residency ?? null);
    if (!placed.ok || !placed.value.lawfulHere) return undefined;
    const call = canonicalCall(asked, { shelf, modelConfig, writer: view });
    const message = call.work.kind === 'chat' ? call.work.request.messages[0] : undefined;
    if (message !== undefined) callers.set(message, asked);
    const request: GatewayRequest = {
      method: 'POST',
      url: address.href,
      headers: noHeaders,
      signal,
      body: null,
    };
    const requestId = `request-${asked.id}`;
    const arrival = { request, url: address, requestId, at: services.clock.now(), startedMs: time.elapsedMs };
    return leadCall(services, { arrival, placement: placed.value, call, errors });
  }
}

const errors = { body: () => null, headers: () => ({}) };

/** Nobody in the world guesses conversations: a hash that nobody can turn round is not needed. */
const plainHasher = {
  begin: (text: string) => String(stableHash(text)),
  extend: (link: string, text: string) => String(stableHash(`${link} ${text}`)),
};
