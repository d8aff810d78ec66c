/** Texts leave their residency as little as chats do: whatever the table says, whatever fails, whoever sleeps. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import regions from '#data/regions.json' with { type: 'json' };
import { aGateway, configWithoutBaseline } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { aSignal, type Script } from '#test/builders/scripted-invoker.ts';

const groups = { us: 'US', eu: 'EU', japan: 'JP' } as const;
const home = { us: 'us-east-1', eu: 'eu-central-1', japan: 'ap-northeast-1' } as const;
const codes = ['us-east-1', 'us-west-2', 'eu-central-1', 'eu-west-2', 'ap-northeast-1', 'ca-central-1'];

const capabilities = { input: ['TEXT'], output: ['EMBEDDING'] };

const target = fc
  .record({
    region: fc.constantFrom(...codes),
    kind: fc.constantFrom('titan', 'cohere', 'container'),
    cold: fc.boolean(),
    /** What the table says of its reach: the truth, or more, or less than the profile's. */
    reach: fc.oneof(
      { arbitrary: fc.constant<string[]>([]), weight: 3 },
      { arbitrary: fc.subarray(codes, { maxLength: 3 }), weight: 1 },
    ),
    profile: fc.constantFrom(undefined, 'us.cohere.embed-v4:0', 'global.cohere.embed-v4:0'),
  })
  .map(({ region, kind, cold, reach, profile }) => {
    const truth = { region, reach: [...new Set([region, ...reach])] };
    if (kind === 'titan') return aTarget({ ...truth, modelId: 'amazon.titan-embed-text-v2:0', capabilities });
    if (kind === 'cohere') {
      const scope = profile === undefined ? 'in-region' : profile.startsWith('global') ? 'global' : 'geo';
      const called = profile === undefined ? {} : { profileId: profile };
      return aTarget({ ...truth, ...called, scope, modelId: 'cohere.embed-v4:0', capabilities });
    }
    return aDedicatedTarget({ ...truth, endpoint: 'embed', state: cold ? 'cold' : 'warm', capabilities: {} });
  });

const script = fc.constantFrom<Script>(
  {},
  { failsBefore: aSignal({ errorName: 'ThrottlingException', httpStatus: 429 }) },
  { failsBefore: aSignal({ errorName: 'ServiceUnavailableException', httpStatus: 503 }) },
  { failsBefore: aSignal({ kind: 'connect' }) },
  { hangs: 'before' },
  { embedding: { embeddings: [], inputTokens: 1 } },
);

it('lets no text leave its residency in 3000 requests', async () => {
  let sent = 0;
  let wakeUps = 0;
  let failovers = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(target, script), { minLength: 4, maxLength: 10 }),
      fc.constantFrom('us', 'eu', 'japan'),
      fc.integer({ min: 1, max: 5 }),
      async (rows, residency, count) => {
        const targets = [...new Map(rows.map(([row]) => [row.id, row])).values()];
        const { post, gateway, invoker } = aGateway({
          region: home[residency],
          config: configWithoutBaseline(),
          routes: [aRoute({ model: 'embed', residency, targets })],
        });
        await gateway.start();
        gateway.stop();
        for (const [row, behaviour] of rows) invoker.script(row.id, behaviour);
        const input = Array.from({ length: count }, (_, index) => `text ${index}`);
        const headers = { 'x-spillway-residency': residency, 'x-spillway-deadline-ms': '20000' };
        const response = await post('/v1/embeddings', { model: 'embed', input }, headers);
        const allowed = new Set(
          regions.regions.filter((each) => each.groups.includes(groups[residency])).map(({ code }) => code),
        );
        for (const { call } of invoker.calls) {
          const { reach, region, profileId = '' } = call.target;
          expect([region, ...reach].filter((each) => !allowed.has(each))).toEqual([]);
          expect(profileId.startsWith('global.')).toBe(false);
          expect(profileId === '' || residency === 'us').toBe(true);
        }
        sent += invoker.calls.length;
        const told = Number(response.headers.get('x-spillway-attempts'));
        wakeUps += invoker.calls.length - told;
        if (response.status === 200) {
          expect(((await response.json()) as { data: unknown[] }).data).toHaveLength(count);
          if (new Set(invoker.calls.map((call) => call.target)).size > 1) failovers += 1;
        }
      },
    ),
    { numRuns: 3000 },
  );
  // It does not hold by sending nothing.
  expect(sent).toBeGreaterThan(2500);
  expect(wakeUps).toBeGreaterThan(80);
  expect(failovers).toBeGreaterThan(40);
}, 60_000);
