/**
 * The proof that slots are kept to: requests of all lanes at 1.25 × load of a dedicated target, in virtual time, that
 * are answered, fail, break off and are left by their callers. A judge beside the gateway counts calls and leases.
 */
import { createMemoryCapacityLedger } from '#adapters/memory/memory-capacity-ledger.ts';
import { type Lane, lanes } from '#core/capacity/lane.ts';
import { reservedSlots } from '#core/capacity/reservation-sizes.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';
import { createSeededRandom, type Random } from '#core/units/random.ts';
import type { CapacityLedger } from '#usecases/ports/capacity-ledger.ts';
import { type ModelCall, type ModelInvoker, UpstreamFailure } from '#usecases/ports/model-invoker.ts';
import { aGateway, configWithoutBaseline, gatewayStart } from './a-gateway.ts';
import { aRoute } from './a-route.ts';
import { aDedicatedTarget, aTarget } from './a-target.ts';
import { createScriptedInvoker } from './scripted-invoker.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

interface SlotsTally {
  requests: number;
  dedicated: number;
  spilled: number;
  left: number;
  broken: number;
  /** Answers that outlived their first lease. */
  long: number;
  denied: number;
}

export type SlotsResult =
  | { readonly kind: 'held'; readonly tally: SlotsTally }
  /** `overshoot`: more calls than slots. `leaked`: a request ended, its lease did not. `lane`: one took what is reserved. */
  | {
      readonly kind: 'overshoot' | 'leaked' | 'lane' | 'refused';
      readonly message: string;
      readonly tally: SlotsTally;
    };

const SLOTS = 16;
const LEASE_MS = 30_000;
const STEP_MS = 5000;
const dedicated = aDedicatedTarget({ share: { 'us-east-1': SLOTS } });
const east = aTarget();

type Fate = 'answered' | 'left' | 'left-early' | 'reset' | 'broken';
/** A target that fails more often would be ejected most of the time. */
const FATES: readonly Fate[] = [
  ...Array<Fate>(12).fill('answered'),
  'left',
  'left',
  'left-early',
  'reset',
  'broken',
];

interface Ask {
  readonly lane: Lane;
  readonly fate: Fate;
  readonly stream: boolean;
  readonly deltas: number;
  readonly startsAt: number;
}

class Broken extends Error {
  readonly kind: Exclude<SlotsResult['kind'], 'held'>;
  constructor(kind: Exclude<SlotsResult['kind'], 'held'>, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Same plan, same result. */
export async function proveSlots(plan: {
  readonly seed: string;
  readonly requests: number;
}): Promise<SlotsResult> {
  const tally: SlotsTally = {
    requests: 0,
    dedicated: 0,
    spilled: 0,
    left: 0,
    broken: 0,
    long: 0,
    denied: 0,
  };
  const world = openWorld(tally);
  await world.start();
  try {
    await Promise.all(
      asksOf(createSeededRandom(plan.seed), plan.requests).map((ask, index) => world.send(ask, index)),
    );
    return world.broken() ?? { kind: 'held', tally };
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { kind: error.kind, message: error.message, tally };
  }
}

/** Answers of 18 s on average, and as many of them as 20 of 16 slots would serve. */
function asksOf(random: Random, requests: number): readonly Ask[] {
  const pick = <Value>(values: readonly Value[]): Value =>
    values[Math.floor(random.next() * values.length)] as Value;
  let startsAt = 0;
  return Array.from({ length: requests }, () => {
    startsAt += -Math.log(1 - random.next()) * 900;
    return {
      lane: pick(lanes),
      fate: pick(FATES),
      stream: random.next() < 0.7,
      deltas: 1 + Math.floor(random.next() * 9),
      startsAt: Math.round(startsAt),
    };
  });
}

function openWorld(tally: SlotsTally) {
  const clock = createVirtualClock(gatewayStart);
  const asks = new Map<string, Ask>();
  const judge = createJudge(asks, tally, clock);
  const made = aGateway({
    config: configWithoutBaseline(),
    routes: [aRoute({ targets: [dedicated, east] })],
    overrides: { clock, invoker: judge.invoker, capacity: judge.ledger },
  });
  let arrived = 0;
  return {
    broken: judge.broken,
    start: async () => {
      await made.gateway.start();
      made.gateway.stop();
    },
    async send(ask: Ask, index: number): Promise<void> {
      await clock.sleep(ask.startsAt);
      const requestId = `request-${++arrived}`;
      asks.set(requestId, ask);
      tally.requests += 1;
      const leave = new AbortController();
      if (ask.fate === 'left-early') clock.after(50, () => leave.abort());
      if (ask.fate === 'left') clock.after(100 + ((index * 997) % 20_000), () => leave.abort());
      const messages = [{ role: 'user', content: requestId }];
      const headers = { 'x-spillway-lane': ask.lane };
      const response = await made.chat({ stream: ask.stream, messages }, headers, leave.signal);
      const text = await response.text();
      if (leave.signal.aborted) tally.left += 1;
      const isWhole =
        response.status === 200 && !leave.signal.aborted && !text.includes('stream_interrupted');
      if (response.headers.get('x-spillway-tier') === 'dedicated') tally.dedicated += 1;
      else if (isWhole) tally.spilled += 1;
      if (text.includes('stream_interrupted')) tally.broken += 1;
      if (response.status !== 200 && !leave.signal.aborted)
        throw new Broken(
          'refused',
          `${requestId} was refused with ${response.status}, though serverless was free`,
        );
      await clock.sleep(1);
      judge.over(requestId);
    },
  };
}

/** Counts at both ends: what the ledger granted, and what the target has under way. */
function createJudge(asks: ReadonlyMap<string, Ask>, tally: SlotsTally, clock: VirtualClock) {
  const reserved = reservedSlots(SLOTS, configWithoutBaseline().lanes);
  const own = createMemoryCapacityLedger();
  const held = new Set<string>();
  const active = new Set<ModelCall>();
  let found: SlotsResult | undefined;
  const breaks = (kind: Exclude<SlotsResult['kind'], 'held'>, message: string): void => {
    found ??= { kind, message, tally };
  };
  const ledger: CapacityLedger = {
    acquire: (demand) => {
      const answer = own.acquire(demand);
      if (!answer.granted) {
        tally.denied += 1;
        return answer;
      }
      const lane = asks.get(requestOf(demand.leaseId))?.lane ?? 'interactive';
      if (held.size > 0 && SLOTS - held.size <= reserved[lane])
        breaks(
          'lane',
          `${lane} took one of ${SLOTS - held.size} free slots; ${reserved[lane]} are not for it`,
        );
      held.add(demand.leaseId);
      return answer;
    },
    renew: own.renew,
    release: (limit, leaseId, at) => {
      held.delete(leaseId);
      own.release(limit, leaseId, at);
    },
  };
  const began = (call: ModelCall): void => {
    call.onSent?.();
    if (call.target.id !== dedicated.id) return;
    active.add(call);
    call.signal.addEventListener('abort', () => active.delete(call), { once: true });
    if (active.size > SLOTS) breaks('overshoot', `${active.size} calls are under way at ${SLOTS} slots`);
  };
  async function* play(call: ModelCall, ask: Ask): AsyncGenerator<ModelEvent> {
    const startedAt = clock.now();
    try {
      yield { type: 'message-start' };
      for (let index = 0; index < ask.deltas; index += 1) {
        await clock.sleep(index === 0 ? 200 : STEP_MS, call.signal);
        yield { type: 'text-delta', index: 0, text: 'x' };
        if (ask.fate === 'broken' && index === 1) throw reset('in-stream');
      }
      yield { type: 'block-stop', index: 0 };
      yield { type: 'message-stop', stopReason: 'end_turn' };
      yield { type: 'usage', usage: { inputTokens: 1, outputTokens: ask.deltas } };
    } finally {
      if (clock.now() - startedAt > LEASE_MS && active.has(call)) tally.long += 1;
      active.delete(call);
    }
  }
  const invoker: ModelInvoker = {
    ...createScriptedInvoker(clock),
    converse: async (call) => {
      began(call);
      const ask = askOf(call, asks);
      if (call.target.id !== dedicated.id) return play(call, { ...ask, fate: 'answered' });
      if (ask.fate !== 'reset') return play(call, ask);
      active.delete(call);
      throw reset('before');
    },
  };
  return {
    ledger,
    invoker,
    broken: () => found,
    over: (requestId: string): void => {
      const left = [...held].filter((leaseId) => requestOf(leaseId) === requestId);
      if (left.length > 0) breaks('leaked', `${requestId} is over, and still holds ${left.join()}`);
    },
  };
}

/** Each prompt is the id of its request. */
function askOf({ request }: ModelCall, asks: ReadonlyMap<string, Ask>): Ask {
  const [block] = request.messages[0]?.content ?? [];
  const ask = asks.get(block !== undefined && 'text' in block ? block.text : '');
  if (ask === undefined) throw new Error('a call has no request');
  return ask;
}

const requestOf = (leaseId: string): string => leaseId.split('.')[0] ?? '';

function reset(phase: 'before' | 'in-stream'): UpstreamFailure {
  return new UpstreamFailure({
    service: 'sagemaker-runtime',
    kind: 'reset',
    phase,
    message: 'as it was asked to',
  });
}
