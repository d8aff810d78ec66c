/** Chains in a function: each environment serves one request at a time, and one capacity table is all that they share. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamodbLearnedStore } from '#adapters/aws/dynamodb-learned-store.ts';
import { addLength, noLengths, quantileOf } from '#core/tokens/output-quantiles.ts';
import { createSeededRandom } from '#core/units/random.ts';
import { aChainFleet, type ChainFleet, chainTargets } from '#test/builders/a-chain-fleet.ts';
import {
  createTestTable,
  dynamodbEngines,
  PATIENT_CALL_MS_MAX,
  type RunningEngine,
} from '#test/builders/dynamodb-engines.ts';
import { answering, usageOf } from '#test/builders/scripted-invoker.ts';

let engine: RunningEngine;
beforeAll(async () => {
  const [first] = dynamodbEngines;
  if (first === undefined) throw new Error('there is no engine');
  engine = await first.start();
});
afterAll(() => engine.close());

const fleetOf = async (
  seed: number,
  processes: number,
  more: Partial<Parameters<typeof aChainFleet>[0]> = {},
) => {
  const { client } = engine;
  const table = await createTestTable(client, 'capacity');
  return aChainFleet({ seed, processes, client, table, ...more });
};
const WAKE_WINDOW_MS = 28_000;
const first = { 'x-spillway-lane': 'bulk', 'x-spillway-deadline-ms': '5000' };
const traceOf = (digit: string, chain: number): string =>
  `00-${chain.toString(16).padStart(32, digit)}-00000000000000ab-01`;
const broughtBack = (before: Response | undefined) => ({
  tracestate: before?.headers.get('tracestate') ?? '',
});

describe('twenty environments that serve the calls of chains at random', () => {
  it('give the fifth call the lane and the deadline of the first, where the caller brings them back', async () => {
    const fleet = await fleetOf(1, 20);
    for (let chain = 0; chain < 3; chain += 1)
      await fleet.chain((index, before) => (index === 0 ? first : broughtBack(before)));
    const lanes = fleet.all.flatMap(({ records }) => records.map(({ lane }) => lane));
    expect(lanes).toEqual(Array.from({ length: 15 }, () => 'bulk'));
    const late = await fleet.chain((index, before) => {
      if (index === 4) fleet.clock.advance(5_000);
      return index === 0 ? first : broughtBack(before);
    });
    expect(late.map(({ status }) => status)).toEqual([200, 200, 200, 200, 504]);
  });

  it('give them to calls that bring nothing but their trace, where the configuration has the table asked', async () => {
    const fleet = await fleetOf(8, 20, { termsFromTable: true });
    for (let chain = 0; chain < 3; chain += 1) await fleet.chain((index) => (index === 0 ? first : {}));
    const lanes = fleet.all.flatMap(({ records }) => records.map(({ lane }) => lane));
    expect(lanes).toEqual(Array.from({ length: 15 }, () => 'bulk'));
    const late = await fleet.chain((index) => {
      if (index === 4) fleet.clock.advance(5_000);
      return index === 0 ? first : {};
    });
    expect(late.map(({ status }) => status)).toEqual([200, 200, 200, 200, 504]);
  });

  it('know what chains need, although each has seen one call; tenants’ tables hold no word of them', async () => {
    const fleet = await fleetOf(2, 20);
    let next = 0;
    for (let chain = 0; chain < 4; chain += 1)
      await fleet.chain(undefined, () => {
        const environment = fleet.all[next++];
        if (environment === undefined) throw new Error('a chain needs five of them');
        return environment;
      });
    expect(fleet.all.map(({ records }) => records.length)).toEqual(fleet.all.map(() => 1));
    expect(fleet.chainCalls.map(({ firstModel, isFirst }) => [firstModel, isFirst])).toEqual(
      fleet.chainCalls.map((_, index) => ['embed', index % 5 === 0]),
    );
    fleet.clock.advance(WAKE_WINDOW_MS + 1);
    const newcomer = await fleet.open();
    const before = fleet.invoker.calls.length;
    await fleet.call(newcomer, 'embed', { traceparent: traceOf('b', 0) });
    const woken = fleet.invoker.calls.slice(before).filter(({ target }) => target === chainTargets.write.id);
    expect(woken.map(({ call }) => JSON.stringify(call.request).includes('"ping"'))).toEqual([true]);
  });

  it('know together how long answers are, as one that has seen them all', async () => {
    const fleet = await fleetOf(9, 20);
    const random = createSeededRandom(4);
    const tokens = Array.from({ length: 100 }, () => Math.ceil(2 ** (3 + random.next() * 7)));
    fleet.invoker.script(
      chainTargets.plan.id,
      ...tokens.map((count) => answering(['Hi'], usageOf(5, count))),
    );
    const say = (index: number) => fleet.call(fleet.all[index % 20] ?? fleet.anyone(), 'chat-small', {});
    for (let call = 0; call < 100; call += 1) {
      if (call % 50 === 0) fleet.clock.advance(80_000);
      await say(call);
    }
    const store = createDynamodbLearnedStore({
      client: engine.client,
      table: fleet.table,
      callMsMax: PATIENT_CALL_MS_MAX,
    });
    // What each has not told yet comes with its next answer, a minute later.
    fleet.clock.advance(80_000);
    for (let environment = 0; environment < 20; environment += 1) await say(environment);
    const stored = await store.load('demo');
    const lengths =
      typeof stored === 'object' ? stored.learned.lengths.get('chat-small /v1/chat/completions') : undefined;
    // The last script goes on for ever.
    const all = [...tokens, ...Array.from({ length: 20 }, () => tokens.at(-1) ?? 0)].reduce(
      addLength,
      noLengths,
    );
    expect(lengths?.answers).toBe(120);
    for (const share of [0.5, 0.9])
      expect(quantileOf(lengths ?? noLengths, share)).toBe(quantileOf(all, share));
  });

  it('wake a target without a copy once in a wake window, all together', async () => {
    const fleet = await fleetOf(3, 20);
    const wokenAt: number[] = [];
    for (let step = 0; step < 14; step += 1) {
      const before = fleet.invoker.calls.length;
      await Promise.all(Array.from({ length: 4 }, () => fleet.call(fleet.anyone(), 'chat-large', {})));
      for (const { target } of fleet.invoker.calls.slice(before))
        if (target === chainTargets.write.id) wokenAt.push(fleet.clock.now());
      fleet.clock.advance(5_000);
    }
    expect(wokenAt.length).toBeGreaterThanOrEqual(2);
    for (const [index, at] of wokenAt.slice(1).entries())
      expect(at - (wokenAt[index] ?? 0)).toBeGreaterThanOrEqual(WAKE_WINDOW_MS);
  });

  it('wait for no call of the table that they did not wait for before', async () => {
    const fleet = await fleetOf(4, 1);
    const [environment] = fleet.all;
    if (environment === undefined) throw new Error('there is one');
    fleet.hangLearning();
    const response = await environment.post(
      '/v1/chat/completions',
      { model: 'chat-small', messages: [{ role: 'user', content: 'hi' }] },
      { traceparent: traceOf('c', 0) },
    );
    expect([response.status, (await response.text()).includes('Hello')]).toEqual([200, true]);
  });

  it('ask the table for little: for a call of a chain that is not followed, nothing', async () => {
    const fleet = await fleetOf(5, 2);
    for (let chain = 0; chain < 32; chain += 1) {
      await fleet.call(fleet.anyone(), 'chat-small', { traceparent: traceOf('d', chain) });
    }
    for (let round = 0; round < 2; round += 1) {
      fleet.clock.advance(80_000);
      for (const [index, each] of fleet.all.entries())
        await fleet.call(each, 'chat-small', { traceparent: traceOf('e', index + 2 * round) });
    }
    fleet.tableCalls.length = 0;
    const before = fleet.chainCalls.length;
    for (let chain = 0; chain < 96; chain += 1)
      await fleet.call(fleet.anyone(), 'chat-small', { traceparent: traceOf('f', chain) });
    const followed = fleet.chainCalls.slice(before);
    expect(new Set(followed.map(({ weight }) => weight))).toEqual(new Set([16]));
    expect(followed.length).toBeLessThanOrEqual(14);
    expect(fleet.tableCalls).toEqual(followed.map(() => 'UpdateItemCommand'));
  });
});

describe('twenty environments before an endpoint whose copies come and go', () => {
  /** One chat a second at anyone, for so long; every environment reads every five seconds. Answers at the endpoint. */
  const seconds = async (fleet: ChainFleet, count: number): Promise<number> => {
    const before = fleet.invoker.calls.length;
    for (let second = 0; second < count; second += 1) {
      if (second % 5 === 0) await Promise.all(fleet.all.map(({ gateway }) => gateway.refresh()));
      await fleet.call(fleet.anyone(), 'chat-large', {});
      fleet.clock.advance(1_000);
    }
    const { calls } = fleet.invoker;
    return calls.slice(before).filter(({ target }) => target === chainTargets.write.id).length;
  };

  it('meet one that is thought awake and has no copy one after the other, not all together', async () => {
    const alone = await fleetOf(6, 20, { writeState: 'warm', shares: false });
    const shared = await fleetOf(6, 20, { writeState: 'warm' });
    const [met, metTogether] = [await seconds(alone, 30), await seconds(shared, 30)];
    expect(metTogether).toBeLessThanOrEqual(8);
    expect(met).toBeGreaterThan(2 * metTogether);
    shared.invoker.script(chainTargets.write.id, answering());
    await seconds(shared, 20);
    expect(await seconds(shared, 5)).toBe(5);
  });

  it('all use one that has woken as soon as it has answered one of them', async () => {
    const alone = await fleetOf(7, 20, { shares: false });
    const shared = await fleetOf(7, 20);
    const served: number[] = [];
    for (const fleet of [alone, shared]) {
      await seconds(fleet, 1);
      fleet.invoker.script(chainTargets.write.id, answering());
      fleet.clock.advance(61_000);
      served.push(await seconds(fleet, 30));
    }
    expect(served[1]).toBeGreaterThanOrEqual(24);
    expect(served[0]).toBeLessThan(15);
  });
});
