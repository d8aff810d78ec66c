import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { residencyMapSchema } from '#contract/residencies.ts';
import { judgeGatewayRegion } from '#core/residency/judge-reach.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { aGateway } from '#test/builders/a-gateway.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const read = async (made: ReturnType<typeof aGateway>) =>
  residencyMapSchema.parse(await (await made.get('/spillway/v1/residencies')).json());

describe('residencies', () => {
  it('are told with their lawful regions, and every region with its jurisdictions', async () => {
    const map = await read(aGateway());
    expect(map.residencies.find(({ name }) => name === 'japan')?.lawful).toEqual([
      'ap-northeast-1',
      'ap-northeast-3',
    ]);
    expect(map.residencies.find(({ name }) => name === 'anywhere')?.lawful).toBe('any');
    expect(map.regions.find(({ region }) => region === 'eu-central-1')).toEqual({
      region: 'eu-central-1',
      country: 'DE',
      jurisdictions: ['EU', 'EEA', 'DE'],
    });
    expect(map.gateways).toEqual(acmeConfig().gateways);
  });

  it('are those that the viewer may name alone, and nobody’s without a key', async () => {
    const tenants = {
      identify: async () => ({ name: 'small', residencies: ['eu'], models: ['*'] }),
    };
    const map = await read(aGateway({ overrides: { tenants } }));
    expect(map.residencies.map(({ name }) => name)).toEqual(['eu']);
    const response = await aGateway().gateway.handle(
      new Request('http://gateway.test/spillway/v1/residencies'),
    );
    expect(response.status).toBe(401);
  });

  it('allow on the map exactly what the one judgement of residency allows', async () => {
    const jurisdiction = fc.constantFrom(...shippedFacts.jurisdictions, 'NOWHERE');
    const region = fc.constantFrom(...shippedFacts.regions, 'mars-north-1');
    const spec = fc.record({
      jurisdictions: fc.array(jurisdiction, { maxLength: 3 }),
      regions: fc.array(region, { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(spec, async (places) => {
        const eu = { ...places, retention: 'none' as const };
        const config = acmeConfig();
        const made = aGateway({ config: { ...config, residencies: { ...config.residencies, eu } } });
        const { residencies, regions } = await read(made);
        const told = residencies.find(({ name }) => name === 'eu')?.lawful ?? 'any';
        const policy = resolveResidency('eu', eu, shippedFacts);
        const lawful = regions.filter((each) => judgeGatewayRegion(policy, each.region).lawful);
        expect(told).toEqual(lawful.map((each) => each.region));
        expect(new Set(told)).toEqual(policy.allowed);
      }),
      { numRuns: 30 },
    );
  });
});
