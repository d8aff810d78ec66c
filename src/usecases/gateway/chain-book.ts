import { CHAIN_KEPT_MS, type Chain, termsWithin } from '#core/chain/chain.ts';
import {
  type ChainCounts,
  modelsForetold,
  noChains,
  withChain,
  withModel,
} from '#core/chain/chain-counts.ts';
import { traceIdOf } from '#core/trace/span-of-call.ts';
import type { IncomingCall } from './ingress.ts';
import type { RequestOptions } from './request-options.ts';
import type { Arrival } from './stage.ts';

/** Of one tenant: beyond it its own oldest go. At 20 chains a second they are kept for 100 seconds. */
const CHAINS_MAX = 2_000;
/** Of one tenant: ways to begin a chain. */
const BEGINNINGS_MAX = 200;
/** Of all tenants: beyond it the one that has most loses its oldest. */
const ALL_CHAINS_MAX = 20_000;

/** One call as part of its chain. */
export interface ChainLink {
  readonly firstModel: string;
  readonly isFirst: boolean;
  /** The call's own, else those of the chain. */
  readonly options: RequestOptions;
  /** Only of the first call: models that the chain will probably need beside the call's own, the likeliest first. */
  readonly foretold: readonly string[];
  /** Says that a target without a copy kept this call waiting or sent it elsewhere. Answers whether it is the chain's first such call. */
  wentCold(): boolean;
}

/** What this process saw of calls that share a trace. Each tenant's apart: a trace id says nothing to another one. */
export interface ChainBook {
  /** Undefined where the caller named no trace: such a call is for itself. */
  join(tenant: string, call: IncomingCall, arrival: Arrival): ChainLink | undefined;
  /** What the call would run under, for who only asks. */
  optionsOf(tenant: string, call: IncomingCall, arrival: Arrival): RequestOptions;
}

/** When a beginning is trusted to foretell a model. */
export interface ChainSettings {
  readonly chainsMin: number;
  readonly neededShareMin: number;
}

interface OpenChain extends Chain {
  /** Beside the first one; each is learned once. */
  readonly models: Set<string>;
  lastMs: number;
  isCold: boolean;
}

interface TenantChains {
  /** By trace id, the one that was longest silent first. */
  readonly open: Map<string, OpenChain>;
  /** By first model and route. */
  readonly counts: Map<string, ChainCounts>;
}

export function createChainBook(settings: ChainSettings): ChainBook {
  return new TracedChains(settings);
}

class TracedChains implements ChainBook {
  readonly #settings: ChainSettings;
  readonly #tenants = new Map<string, TenantChains>();
  #openCount = 0;

  constructor(settings: ChainSettings) {
    this.#settings = settings;
  }

  join(tenant: string, call: IncomingCall, arrival: Arrival): ChainLink | undefined {
    const { traceparent } = call.options;
    // Lines of a stored batch are each for itself.
    if (traceparent === undefined || arrival.request.tenant !== undefined) return undefined;
    const own = this.#chainsOf(tenant);
    const trace = traceIdOf(traceparent);
    this.#forgetSilent(own, arrival.startedMs);
    const known = own.open.get(trace);
    const chain = known ?? this.#begin(own, call, arrival);
    chain.lastMs = arrival.startedMs;
    own.open.delete(trace);
    own.open.set(trace, chain);
    if (known === undefined) this.#forgetBeyondBounds(own);
    else learnModel(own, chain, call);
    return {
      firstModel: chain.firstModel,
      isFirst: known === undefined,
      options: known === undefined ? call.options : within(chain, call, arrival),
      foretold: known === undefined ? this.#foretold(own, chain) : [],
      wentCold: () => {
        const isNews = !chain.isCold;
        chain.isCold = true;
        return isNews;
      },
    };
  }

  optionsOf(tenant: string, call: IncomingCall, arrival: Arrival): RequestOptions {
    const { traceparent } = call.options;
    if (traceparent === undefined) return call.options;
    const chain = this.#tenants.get(tenant)?.open.get(traceIdOf(traceparent));
    return chain === undefined || isOver(chain, arrival.startedMs)
      ? call.options
      : within(chain, call, arrival);
  }

  #chainsOf(tenant: string): TenantChains {
    const known = this.#tenants.get(tenant);
    if (known !== undefined) return known;
    const made: TenantChains = { open: new Map(), counts: new Map() };
    this.#tenants.set(tenant, made);
    return made;
  }

  #begin({ counts }: TenantChains, { work, options }: IncomingCall, arrival: Arrival): OpenChain {
    const { lane, deadlineMs } = options;
    const chain = {
      firstModel: work.request.model,
      route: arrival.url.pathname,
      lane,
      deadlineMs,
      startedMs: arrival.startedMs,
      models: new Set<string>(),
      lastMs: arrival.startedMs,
      isCold: false,
    };
    const key = beginningOf(chain);
    const seen = counts.get(key) ?? noChains;
    counts.delete(key);
    counts.set(key, withChain(seen));
    if (counts.size > BEGINNINGS_MAX) deleteOldest(counts);
    this.#openCount += 1;
    return chain;
  }

  #foretold({ counts }: TenantChains, chain: OpenChain): readonly string[] {
    const { chainsMin, neededShareMin: shareMin } = this.#settings;
    return modelsForetold(counts.get(beginningOf(chain)) ?? noChains, { chainsMin, shareMin });
  }

  #forgetSilent({ open }: TenantChains, atMs: number): void {
    for (const [trace, chain] of open) {
      if (!isOver(chain, atMs)) return;
      open.delete(trace);
      this.#openCount -= 1;
    }
  }

  #forgetBeyondBounds(own: TenantChains): void {
    if (own.open.size > CHAINS_MAX) this.#forgetOldest(own);
    if (this.#openCount <= ALL_CHAINS_MAX) return;
    let most = own;
    for (const each of this.#tenants.values()) if (each.open.size > most.open.size) most = each;
    this.#forgetOldest(most);
  }

  #forgetOldest({ open }: TenantChains): void {
    deleteOldest(open);
    this.#openCount -= 1;
  }
}

/** Counting tokens wakes nobody and needs nobody awake. */
function learnModel({ counts }: TenantChains, chain: OpenChain, { work }: IncomingCall): void {
  const { model } = work.request;
  if (work.kind === 'count-tokens' || model === chain.firstModel || chain.models.has(model)) return;
  chain.models.add(model);
  const key = beginningOf(chain);
  const seen = counts.get(key);
  if (seen !== undefined) counts.set(key, withModel(seen, model));
}

/** No model's name has a space in it. */
const beginningOf = ({ firstModel, route }: Chain): string => `${firstModel} ${route}`;

const isOver = ({ lastMs }: OpenChain, atMs: number): boolean => atMs - lastMs > CHAIN_KEPT_MS;

function within(chain: Chain, { options }: IncomingCall, { startedMs }: Arrival): RequestOptions {
  return { ...options, ...termsWithin(chain, options, startedMs) };
}

/** Maps keep insertion order. */
function deleteOldest(map: Map<string, unknown>): void {
  const oldest = map.keys().next().value;
  if (oldest !== undefined) map.delete(oldest);
}
