import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unfoldAvailability } from '#contract/compact-availability.ts';
import { type Availability, availabilitySchema, compactAvailabilitySchema } from '#contract/http.ts';
import type { Observation, RegionObservations } from '#core/discovery/observation.ts';
import { judgeReach } from '#core/residency/judge-reach.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { aGateway, gatewayStart } from '#test/builders/a-gateway.ts';
import { anObservation } from '#test/builders/an-observation.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const path = '/spillway/v1/availability';

const reportOf = (region: string, targets: readonly Observation[], at = gatewayStart - 1000) => ({
  ...{ account: '111111111111', region, at, failures: [], completeAt: at, targets },
});

async function world(reports: readonly RegionObservations[] = [reportOf('us-east-1', [anObservation()])]) {
  const made = aGateway();
  for (const report of reports) await made.observations.save(report);
  const ask = (query = '', headers: Readonly<Record<string, string>> = {}) =>
    made.gateway.handle(
      new Request(`http://gateway.test${path}${query}`, {
        headers: { authorization: 'Bearer sk-local', ...headers },
      }),
    );
  return { ...made, ask };
}

const readFull = async (answer: Response): Promise<Availability> =>
  availabilitySchema.parse(await answer.json());

describe('availability on its way', () => {
  it('is compressed for who takes that, and says so to whatever keeps it on the way', async () => {
    const { ask } = await world();
    const plain = await ask();
    const zipped = await ask('', { 'accept-encoding': 'gzip' });
    expect([plain, zipped].map(({ headers }) => headers.get('content-encoding'))).toEqual([null, 'gzip']);
    expect(zipped.headers.get('vary')).toBe('accept-encoding, authorization');
    expect(zipped.headers.get('cache-control')).toBe('private, no-cache');
    expect(gunzipSync(await zipped.bytes()).toString()).toBe(await plain.text());
  });

  it('is the same in few bytes', async () => {
    const { ask } = await world();
    const compact = compactAvailabilitySchema.parse(await (await ask('?format=compact')).json());
    expect(unfoldAvailability(compact)).toEqual(await readFull(await ask('?format=full')));
  });

  it('is refused in a format that nobody writes', async () => {
    const answer = await (await world()).ask('?format=%1b[31m');
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { param: 'format', code: 'invalid_request' } });
  });

  it('is not sent again where nothing moved, though it was looked at anew', async () => {
    const { ask, observations } = await world();
    const first = await ask('?format=compact');
    const known = { 'if-none-match': first.headers.get('etag') ?? 'none' };
    expect(first.headers.get('x-spillway-as-of')).toBe('2026-11-21T07:59:59.000Z');
    const at = gatewayStart - 500;
    const heartbeat = { account: '111111111111', region: 'us-east-1', at, failures: [], completeAt: at };
    await observations.saveHeartbeat(heartbeat);
    const second = await ask('?format=compact', known);
    expect([second.status, await second.text()]).toEqual([304, '']);
    expect(second.headers.get('x-spillway-as-of')).toBe('2026-11-21T07:59:59.500Z');
    expect((await ask('', known)).status).toBe(200);
    await observations.save(reportOf('us-east-1', [anObservation({ state: 'legacy' })], gatewayStart));
    expect((await ask('?format=compact', known)).status).toBe(200);
  });

  it('moves when a part of the last look failed', async () => {
    const { ask, observations } = await world();
    const known = { 'if-none-match': (await ask()).headers.get('etag') ?? 'none' };
    await observations.saveHeartbeat({
      ...{ account: '111111111111', region: 'us-east-1', at: gatewayStart, completeAt: gatewayStart },
      failures: ['ListFoundationModels: ThrottlingException'],
    });
    const answer = await ask('', known);
    expect([answer.status, (await readFull(answer)).stale]).toEqual([200, true]);
  });

  it('is ordered by id over all places', async () => {
    const regions = ['us-west-2', 'us-east-1', 'us-east-10'];
    const names = ['b.two-v1:0', 'a.one-v1:0'];
    const reports = regions.map((region) =>
      reportOf(
        region,
        names.map((modelId) => anObservation({ region, modelId, id: `111111111111/${region}/${modelId}` })),
      ),
    );
    const ids = (await readFull(await (await world(reports)).ask())).targets.map(({ id }) => id);
    expect(ids).toHaveLength(6);
    expect(ids).toEqual([...ids].sort());
  });
});

describe('a tenant', () => {
  const config = acmeConfig();
  const region = fc.constantFrom('us-east-1', 'eu-central-1', 'eu-west-1', 'ap-northeast-1');
  const reach = fc.uniqueArray(fc.constantFrom('us-east-1', 'us-west-2', 'eu-central-1', 'eu-west-1', '*'), {
    maxLength: 3,
  });

  it('is told of targets in its residencies alone, in whatever format', async () => {
    const targets = fc.uniqueArray(fc.record({ region, reach, profile: fc.nat(3) }), {
      selector: ({ region, profile }) => `${region} ${profile}`,
      maxLength: 8,
    });
    const residencies = fc.uniqueArray(fc.constantFrom('us', 'eu', 'frankfurt'), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(targets, residencies, async (some, own) => {
        const observed = some.map(({ region, reach, profile }) => {
          const profileId = `profile-${profile}`;
          const id = `111111111111/${region}/${profileId}`;
          return anObservation({ region, reach, profileId, id, scope: 'geo' });
        });
        const tenant = { name: 'narrow', residencies: own, models: ['*'] };
        const { gateway, observations } = aGateway({
          overrides: { tenants: { identify: async () => tenant } },
        });
        for (const [place, targets] of Map.groupBy(observed, ({ region }) => region))
          await observations.save(reportOf(place, targets));
        const policies = own.map((name) => {
          const spec = config.residencies[name];
          if (spec === undefined) throw new Error(`there is no residency ${name}`);
          return resolveResidency(name, spec, shippedFacts);
        });
        const lawful = observed.filter((target) =>
          policies.some((policy) => judgeReach({ policy, target, facts: shippedFacts }).lawful),
        );
        const ask = (query: string) =>
          gateway.handle(
            new Request(`http://gateway.test${path}${query}`, { headers: { authorization: 'Bearer sk-a' } }),
          );
        const full = await readFull(await ask(''));
        expect(full.targets.map(({ id }) => id)).toEqual(lawful.map(({ id }) => id).sort());
        const compact = await (await ask('?format=compact')).text();
        expect(unfoldAvailability(JSON.parse(compact))).toEqual(full);
        for (const { id, profileId = '' } of observed) {
          if (lawful.some((each) => each.id === id || each.profileId === profileId)) continue;
          expect(compact).not.toContain(profileId);
        }
      }),
      { numRuns: 60 },
    );
  });
});
