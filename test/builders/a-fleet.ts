/** Many gateways of one region over one shared health, in one virtual time: as one-request environments of a function. */
import { createMemoryHealthStore } from '#adapters/memory/memory-health-store.ts';
import type { Target } from '#core/target.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { aGateway, configWithoutBaseline, gatewayStart } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aSignal, createScriptedInvoker } from '#test/builders/scripted-invoker.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import type { HealthStore } from '#usecases/ports/health-store.ts';
import { UpstreamFailure } from '#usecases/ports/model-invoker.ts';

const STEP_MS = 10;
/** What a call of the table takes. */
const TABLE_MS = 10;

export type Fleet = Awaited<ReturnType<typeof aFleet>>;

export interface FleetOptions {
  readonly seed: number;
  readonly processes: number;
  readonly targets: readonly Target[];
  /** @default - the memory store, slow as a table */
  readonly wrap?: (store: HealthStore) => HealthStore;
  /** Most that a process's clock is before or behind. @default 0 */
  readonly skewMs?: number;
  /** What the clock of the first process is wrong by. @default 0 */
  readonly firstWrongMs?: number;
  /** A process whose calls all fail, whatever the targets do. @default - none */
  readonly sick?: number;
}

const lost = new UpstreamFailure(aSignal({ kind: 'connect' }));

export async function aFleet(options: FleetOptions) {
  const { seed, processes, targets, wrap, skewMs = 0, firstWrongMs = 0, sick } = options;
  const clock = createVirtualClock(gatewayStart, { leap: false });
  const invoker = createScriptedInvoker(clock);
  const memory = createMemoryHealthStore();
  const slow: HealthStore = {
    region: memory.region,
    loadAll: () => clock.sleep(TABLE_MS).then(() => memory.loadAll()),
    load: (key) => clock.sleep(TABLE_MS).then(() => memory.load(key)),
    save: (item, seen) => clock.sleep(TABLE_MS).then(() => memory.save(item, seen)),
  };
  const health = wrap?.(slow) ?? slow;
  const random = createSeededRandom(seed);
  const calls: { readonly target: string; readonly ms: number; readonly process: number }[] = [];
  let opened = 0;
  const open = () => {
    const process = opened++;
    const skew = Math.round((random.next() * 2 - 1) * skewMs) + (process === 0 ? firstWrongMs : 0);
    return aGateway({
      config: configWithoutBaseline(),
      routes: [aRoute({ targets })],
      overrides: {
        clock: { ...clock, now: () => clock.now() + skew },
        health,
        random: createSeededRandom(Math.floor(random.next() * 2 ** 31)),
        invoker: {
          ...invoker,
          converse: (call) => {
            calls.push({ target: call.target.id, ms: clock.now() - gatewayStart, process });
            if (process === sick) return Promise.reject(lost);
            return invoker.converse(call);
          },
        },
      },
    });
  };
  const all = Array.from({ length: processes }, open);
  const starting = all.map(({ gateway }) => gateway.start());
  /** Moves time on, and lets everything that it wakes come to its end. */
  const pass = async (milliseconds: number): Promise<void> => {
    for (let passed = 0; passed < milliseconds; passed += STEP_MS) {
      clock.advance(STEP_MS);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await pass(100);
  await Promise.all(starting);
  /** Chats at random processes, at random times of this mean rate; resolves with the statuses, in order of arrival. */
  const serve = async (
    perSecond: number,
    milliseconds: number,
    pick: (index: number) => number = () => Math.floor(random.next() * all.length),
  ): Promise<readonly number[]> => {
    const answers: Promise<Response>[] = [];
    let due = 0;
    for (let passed = 0; passed < milliseconds; passed += STEP_MS) {
      for (; due <= passed; due += (-Math.log(1 - random.next()) * 1000) / perSecond) {
        const process = all[pick(answers.length)];
        if (process !== undefined) answers.push(process.chat());
      }
      await pass(STEP_MS);
    }
    await pass(200);
    const responses = await Promise.all(answers);
    return responses.map(({ status }) => status);
  };
  return {
    clock,
    invoker,
    memory,
    calls,
    all,
    open,
    pass,
    serve,
    nowMs: () => clock.now() - gatewayStart,
    stop: () => {
      for (const { gateway } of all) gateway.stop();
    },
  };
}
