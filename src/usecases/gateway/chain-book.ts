import { type CarriedTerms, textOfTerms } from '#core/chain/carried-terms.ts';
import { CARRIED_MS_MAX, CHAIN_KEPT_MS, type Chain, termsWithin } from '#core/chain/chain.ts';
import { traceIdOf } from '#core/trace/span-of-call.ts';
import type { IncomingCall } from './ingress.ts';
import { beginningOf, type LearnedBook } from './learned-book.ts';
import { type RequestOptions, TRACE_STATE_KEY } from './request-options.ts';
import type { Arrival } from './stage.ts';

/** Of one tenant: beyond it its own oldest go. At 20 chains a second they are kept for 100 seconds. */
const CHAINS_MAX = 2_000;
/** Of all tenants: beyond it the one that has most loses its oldest. */
const ALL_CHAINS_MAX = 20_000;

/** One call as part of its chain. */
export interface ChainLink {
  readonly firstModel: string;
  /** As far as this process and the caller's `tracestate` know. */
  readonly isFirst: boolean;
  /** The call's own, else those of the chain. */
  readonly options: RequestOptions;
  /** What the caller may bring back with the next call: a whole `tracestate`. */
  readonly traceState: string;
  /** Only of the first call: models that the chain will probably need beside the call's own, the likeliest first. */
  readonly foretold: ReturnType<LearnedBook['foretold']>;
  /** Says that a target without a copy kept this call waiting or sent it elsewhere. Answers whether it is the chain's first such call. */
  wentCold(): boolean;
}

/** What this process saw of calls that share a trace. Each tenant's apart: a trace id says nothing to another one. */
export interface ChainBook {
  /** Undefined where the caller named no trace: such a call is for itself. */
  join(tenant: string, call: IncomingCall, arrival: Arrival): ChainLink | undefined;
  /** Whether this process has seen the call's chain. */
  knows(tenant: string, call: IncomingCall, arrival: Arrival): boolean;
  /** What the call would run under, for who only asks. */
  optionsOf(tenant: string, call: IncomingCall, arrival: Arrival): RequestOptions;
}

interface ChainBookParts {
  /** What chains need is counted there. */
  readonly learned: Pick<LearnedBook, 'foretold'> & Partial<Pick<LearnedBook, 'chainBegan' | 'chainCalled'>>;
  /** Whether the configuration has the model. */
  readonly hasModel: (name: string) => boolean;
}

interface OpenChain extends Chain {
  /** Beside the first one; each is learned once. */
  readonly models: Set<string>;
  lastMs: number;
  isCold: boolean;
}

interface TenantChains {
  readonly tenant: string;
  /** By trace id, the one that was longest silent first. */
  readonly open: Map<string, OpenChain>;
}

/** @param parts.learned without what counts, where the calls of a chain come to several processes: see `ChainNotes` */
export function createChainBook(parts: ChainBookParts): ChainBook {
  return new TracedChains(parts);
}

class TracedChains implements ChainBook {
  readonly #parts: ChainBookParts;
  readonly #tenants = new Map<string, TenantChains>();
  #openCount = 0;

  constructor(parts: ChainBookParts) {
    this.#parts = parts;
  }

  join(tenant: string, call: IncomingCall, arrival: Arrival): ChainLink | undefined {
    const { traceparent } = call.options;
    // Lines of a stored batch are each for itself.
    if (traceparent === undefined || arrival.request.tenant !== undefined) return undefined;
    const own = this.#chainsOf(tenant);
    const trace = traceIdOf(traceparent);
    this.#forgetSilent(own, arrival.startedMs);
    const known = own.open.get(trace);
    const carried = known === undefined ? this.#carriedBy(call) : undefined;
    const chain = known ?? this.#open(carried, call, arrival);
    chain.lastMs = arrival.startedMs;
    own.open.delete(trace);
    own.open.set(trace, chain);
    if (known === undefined) this.#forgetBeyondBounds(own);
    const isFirst = known === undefined && carried?.first === undefined;
    if (isFirst) this.#parts.learned.chainBegan?.(tenant, beginning(chain));
    else this.#learnModel(own, chain, call);
    return {
      firstModel: chain.firstModel,
      isFirst,
      options: known === undefined && carried === undefined ? call.options : within(chain, call, arrival),
      traceState: `${TRACE_STATE_KEY}=${textOfTerms(carriedOn(chain, arrival))}`,
      foretold: isFirst ? this.#parts.learned.foretold(tenant, beginning(chain)) : [],
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
    const known = this.#known(tenant, traceparent, arrival);
    if (known !== undefined) return within(known, call, arrival);
    const carried = this.#carriedBy(call);
    return carried === undefined ? call.options : within(chainOf(carried, call, arrival), call, arrival);
  }

  knows(tenant: string, { options: { traceparent } }: IncomingCall, arrival: Arrival): boolean {
    return traceparent !== undefined && this.#known(tenant, traceparent, arrival) !== undefined;
  }

  #known(tenant: string, traceparent: string, { startedMs }: Arrival): OpenChain | undefined {
    const known = this.#tenants.get(tenant)?.open.get(traceIdOf(traceparent));
    return known === undefined || isOver(known, startedMs) ? undefined : known;
  }

  #chainsOf(tenant: string): TenantChains {
    const known = this.#tenants.get(tenant);
    if (known !== undefined) return known;
    const made: TenantChains = { tenant, open: new Map() };
    this.#tenants.set(tenant, made);
    return made;
  }

  /** A first model that nobody configured is no label of a metric, and no chain of ours began with it. */
  #carriedBy({ options: { carried } }: IncomingCall): CarriedTerms | undefined {
    if (carried?.first === undefined || this.#parts.hasModel(carried.first.model)) return carried;
    return { ...carried, first: undefined };
  }

  #open(carried: CarriedTerms | undefined, call: IncomingCall, arrival: Arrival): OpenChain {
    this.#openCount += 1;
    const chain = chainOf(carried, call, arrival);
    return { ...chain, models: new Set<string>(), lastMs: arrival.startedMs, isCold: false };
  }

  /** Counting tokens wakes nobody and needs nobody awake. */
  #learnModel({ tenant }: TenantChains, chain: OpenChain, { work }: IncomingCall): void {
    const { model } = work.request;
    if (work.kind === 'count-tokens' || model === chain.firstModel || chain.models.has(model)) return;
    chain.models.add(model);
    this.#parts.learned.chainCalled?.(tenant, beginning(chain), model);
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

const beginning = ({ firstModel: model, route }: Chain): string => beginningOf({ model, route });

/** The terms of the first call: its own, or those that the caller brought back. */
function chainOf(
  carried: CarriedTerms | undefined,
  { work, options }: IncomingCall,
  { url, at, startedMs }: Arrival,
): Chain {
  const { model: firstModel, route } = carried?.first ?? { model: work.request.model, route: url.pathname };
  if (carried === undefined) {
    const { lane, deadlineMs } = options;
    return { firstModel, route, lane, deadlineMs, startedMs };
  }
  const { lane, until } = carried;
  const deadlineMs = until === undefined ? undefined : Math.min(CARRIED_MS_MAX, Math.max(0, until - at));
  return { firstModel, route, lane, deadlineMs, startedMs };
}

/** As an end that every process knows the clock of. */
function carriedOn(
  { firstModel: model, route, lane, deadlineMs, startedMs }: Chain,
  arrival: Arrival,
): CarriedTerms {
  const first = { model, route };
  if (deadlineMs === undefined) return { lane, first };
  return { lane, until: arrival.at + deadlineMs - (arrival.startedMs - startedMs), first };
}

const isOver = ({ lastMs }: OpenChain, atMs: number): boolean => atMs - lastMs > CHAIN_KEPT_MS;

function within(chain: Chain, { options }: IncomingCall, { startedMs }: Arrival): RequestOptions {
  return { ...options, ...termsWithin(chain, options, startedMs) };
}

/** Maps keep insertion order. */
function deleteOldest(map: Map<string, unknown>): void {
  const oldest = map.keys().next().value;
  if (oldest !== undefined) map.delete(oldest);
}
