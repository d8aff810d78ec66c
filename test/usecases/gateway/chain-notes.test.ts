import { describe, expect, it } from 'vitest';
import { createMemoryLearnedStore } from '#adapters/memory/memory-learned-store.ts';
import { stableHash } from '#core/units/stable-hash.ts';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import type { ChainCallRecord } from '#usecases/ports/gateway-metrics.ts';
import type { LearnedStore } from '#usecases/ports/learned-store.ts';

const cold = aDedicatedTarget({ state: 'cold' });
const traceOf = (chain: number): string => chain.toString(16).padStart(32, 'c');
const traced = (chain: number) => ({ traceparent: `00-${traceOf(chain)}-00000000000000ab-01` });

/** Two processes over one store. */
async function world(learned: LearnedStore = createMemoryLearnedStore()) {
  const calls: ChainCallRecord[] = [];
  const open = () =>
    aStartedGateway([cold, aTarget()], {
      overrides: { learned, chainMetrics: { chainCalled: (call) => void calls.push(call) } },
    });
  return { calls, learned, one: await open(), other: await open() };
}

describe('a call of a chain whose calls come to several processes', () => {
  it('is counted by what it was in its chain, apart from its request', async () => {
    const { calls, one, other } = await world();
    for (const { chat, gateway } of [one, other, one]) {
      await chat({}, traced(1));
      await gateway.settled();
    }
    expect(
      calls.map(({ firstModel, isFirst, turnedCold, weight }) => [firstModel, isFirst, turnedCold, weight]),
    ).toEqual([
      ['chat-small', true, true, 1],
      ['chat-small', false, false, 1],
      ['chat-small', false, false, 1],
    ]);
    expect([...one.records, ...other.records].map(({ chain }) => chain)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is not counted without a trace', async () => {
    const { calls, one } = await world();
    await one.chat();
    await one.gateway.settled();
    expect(calls).toEqual([]);
  });

  it('of a tenant whose chains are known stands for sixteen, and the same ones are followed by all', async () => {
    const { calls, one, other } = await world();
    for (let chain = 0; chain < 33; chain += 1) {
      await one.chat({}, traced(chain));
      await one.gateway.settled();
    }
    one.clock.advance(80_000);
    await one.chat();
    await one.gateway.settled();
    calls.length = 0;
    const chains = Array.from({ length: 100 }, (_, index) => index + 1000);
    for (const chain of chains)
      for (const { chat, gateway } of [one, other]) {
        await chat({}, traced(chain));
        await gateway.settled();
      }
    const followed = chains.filter((chain) => stableHash(traceOf(chain)) % 16 === 0);
    expect(followed.length).toBeGreaterThan(0);
    expect(calls.map(({ isFirst, weight }) => [isFirst, weight])).toEqual(
      followed.flatMap(() => [
        [true, 16],
        [false, 16],
      ]),
    );
  });

  it('is answered as ever where the table is away, and counted as no chain', async () => {
    const away = () => Promise.reject(new Error('the table is away'));
    const { calls, one } = await world({ load: away, save: away, begin: away, note: away });
    const response = await one.chat({}, traced(1));
    await one.gateway.settled();
    expect([response.status, calls, one.events]).toEqual([200, [], ['learning-unshared']]);
  });
});
