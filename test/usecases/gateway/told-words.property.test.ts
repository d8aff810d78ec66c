/** Whatever stands in the tables that processes tell each other by, nobody is asked who may not be. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMemoryLearnedStore } from '#adapters/memory/memory-learned-store.ts';
import { createMemoryWarmStore } from '#adapters/memory/memory-warm-store.ts';
import { nothingLearned } from '#core/learned/learned.ts';
import { aGateway, configWithoutBaseline, gatewayStart } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';

const endpointIn = (region: string, state: 'cold' | 'warm') =>
  aDedicatedTarget({ region, state, endpoint: `e-${region}-${state}`, modelId: 'e' });
const lawful = [endpointIn('us-east-1', 'cold'), endpointIn('us-west-2', 'warm'), aTarget()];
const unlawful = [
  endpointIn('eu-central-1', 'cold'),
  endpointIn('ap-northeast-1', 'warm'),
  aTarget({ region: 'eu-west-1' }),
];
const all = [...unlawful, ...lawful];
const models = ['chat-small', 'chat-large'];

const words = fc.array(
  fc.record({
    target: fc.constantFrom(...all.map(({ id }) => id)),
    pool: fc.constantFrom(...all.map(({ quotaPool }) => quotaPool), 'none'),
    kind: fc.constantFrom('awake' as const, 'cold' as const),
    at: fc.integer({ min: gatewayStart - 60_000, max: gatewayStart }),
  }),
  { maxLength: 12 },
);
const counts = fc.record({
  chains: fc.integer({ min: 0, max: 64 }),
  byModel: fc
    .dictionary(fc.constantFrom(...models, 'embed', 'none', '__proto__'), fc.integer({ min: 0, max: 128 }))
    .map((each) => new Map(Object.entries(each))),
});

it('under the residency us, with any words and any counts', async () => {
  await fc.assert(
    fc.asyncProperty(words, counts, async (told, counted) => {
      const [warmth, learned] = [createMemoryWarmStore(), createMemoryLearnedStore()];
      for (const word of told) await warmth.tell(word);
      const chains = new Map([['chat-small /v1/chat/completions', counted]]);
      await learned.save(
        'demo',
        { revision: 1, learned: { ...nothingLearned, chains } },
        { seen: undefined, at: 0 },
      );
      const { gateway, chat, invoker } = aGateway({
        config: configWithoutBaseline(),
        routes: models.map((model) => aRoute({ model, targets: all })),
        overrides: { warmth, learned, chainMetrics: { chainCalled: () => undefined } },
      });
      await gateway.start();
      gateway.stop();
      for (const digit of ['a', 'b'])
        await chat({}, { traceparent: `00-${digit.repeat(32)}-00000000000000ab-01` });
      await gateway.settled();
      const asked = new Set(invoker.calls.map(({ target }) => target));
      for (const { id } of unlawful) expect(asked).not.toContain(id);
      expect(asked.size).toBeGreaterThan(0);
    }),
    { numRuns: 60 },
  );
});
