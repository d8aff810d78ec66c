/** Chains of five calls over real sockets, in bursts; `bench/chains.ts` measures what this only proves. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { arrivalsOf, type ChainResult, chainModels, runChains } from '#test/builders/chain-load.ts';
import { type ChainWorld, openChainWorld } from '#test/builders/chain-world.ts';
import { mostUnderWay } from '#test/builders/slots-world.ts';

const SLOTS = 6;
/** Two bursts, in which three times as many come as the endpoints bear. */
const arrivals = arrivalsOf({ seed: 1, chains: 40, chainsPerSecond: 20, burstSeconds: 0.1 });
const lawful = ['us-east-1', 'us-west-2'];

let world: ChainWorld;
let gateway: Awaited<ReturnType<ChainWorld['openGateway']>>;

beforeAll(async () => {
  world = await openChainWorld({ slots: SLOTS, timeScale: 0.1 });
});

beforeEach(async () => {
  gateway = await world.openGateway('apart');
  await world.takeJournal();
});

afterEach(async () => {
  await world.setFaults([]);
  await world.setCopies('write', 1);
});

afterAll(() => world.close());

function expectAllAnswered(results: readonly ChainResult[]): void {
  expect(results).toHaveLength(arrivals.length);
  for (const { calls } of results)
    expect(calls.map(({ model, status }) => [model, status])).toEqual(
      chainModels.map((model) => [model, 200]),
    );
}

describe('chains of five calls in threefold bursts', () => {
  it('find warm endpoints or go past them at once, never more than fit, and are told call by call', async () => {
    const results = await runChains(gateway.url, arrivals);
    expectAllAnswered(results);
    const tiers = new Set(results.flatMap(({ calls }) => calls.map(({ tier }) => tier)));
    expect(tiers).toEqual(new Set(['dedicated', 'serverless']));
    const journal = await world.takeJournal();
    for (const endpoint of ['plan', 'write'])
      expect(mostUnderWay(journal.filter(({ target }) => target === endpoint))).toBeLessThanOrEqual(SLOTS);
    expect(journal.every(({ region }) => lawful.includes(region ?? ''))).toBe(true);
    const linked = gateway.records.map(({ chain }) => chain);
    expect(linked.filter((chain) => chain?.isFirst)).toHaveLength(arrivals.length);
    expect(linked.every((chain) => chain?.firstModel === 'embed' && !chain.turnedCold)).toBe(true);
    expect(linked).toHaveLength(arrivals.length * chainModels.length);
  });

  it.each([
    ['loses its copies', () => world.setCopies('write', 0), 400],
    [
      'refuses every connection',
      () => world.setFaults([{ service: 'sagemaker-runtime', target: 'write', kind: 'refuse' }]),
      0,
    ],
  ])('lose no call when an endpoint %s in the middle', async (_, kill, status) => {
    let killedAt = '';
    const results = await runChains(gateway.url, arrivals, async () => {
      await kill();
      killedAt = new Date().toISOString();
    });
    expectAllAnswered(results);
    const later = (await world.takeJournal()).filter(({ at }) => at > killedAt);
    const atEndpoint = later.filter(({ target }) => target === 'write');
    expect(atEndpoint.length).toBeGreaterThan(0);
    expect(new Set(atEndpoint.map((call) => call.status))).toEqual(new Set([status]));
    // Those under way, and a few that found out; everyone else went past it.
    expect(atEndpoint.length).toBeLessThanOrEqual(SLOTS + 5);
    expect(later.every(({ region }) => lawful.includes(region ?? ''))).toBe(true);
  });
});
