import { describe, expect, it } from 'vitest';
import {
  type CatalogueTrouble,
  RegionCatalogue,
  type RegionTruth,
} from '#simulator/world/region-catalogue.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const nova = 'amazon.nova-lite-v1:0';
const titan = 'amazon.titan-embed-text-v2:0';
const sonnet = 'anthropic.claude-sonnet-4-5-20250929-v1:0';

function aRegion(region = 'eu-central-1', trouble: CatalogueTrouble = 'none') {
  const copies = { status: 'InService', copiesInService: 2, copiesDesired: 2 };
  const truth: RegionTruth = {
    region,
    trouble,
    gone: new Set(),
    copiesOf: (endpoint) => (endpoint === 'chat-small' ? copies : undefined),
  };
  const lists = new RegionCatalogue(shippedFacts, [nova, titan, sonnet, 'nobody.knows-it-v1:0'], truth);
  return { truth, lists, copies };
}

describe('what a simulated region lists', () => {
  it('is every model that the facts place there, by itself or through a profile, and no other', async () => {
    const models = await aRegion().lists.listModels();
    expect(models.map(({ modelId }) => modelId)).toEqual([nova, titan, sonnet]);
    for (const { modelId, inferenceTypes } of models)
      expect(inferenceTypes).toEqual([
        shippedFacts.plainOffered(modelId, 'eu-central-1') ? 'ON_DEMAND' : 'INFERENCE_PROFILE',
      ]);
  });

  it('is each profile with the regions that it reaches in truth; one without bounds names none', async () => {
    const profiles = await aRegion().lists.listProfiles();
    const regionsOf = (start: string) => {
      const listed = profiles.find(
        ({ profileId }) => profileId.startsWith(start) && profileId.endsWith(sonnet),
      );
      return listed?.modelArns.map((arn) => arn.split(':')[3]);
    };
    expect(regionsOf('eu.')).toEqual(shippedFacts.destinationsOf(`eu.${sonnet}`, 'eu-central-1'));
    expect(regionsOf('eu.')?.length).toBeGreaterThan(1);
    expect(regionsOf('global.')).toEqual(['']);
  });

  it('is nothing of a model that is gone', async () => {
    const { truth, lists } = aRegion();
    truth.gone.add(sonnet);
    expect((await lists.listModels()).map(({ modelId }) => modelId)).toEqual([nova, titan]);
    expect((await lists.listProfiles()).some(({ profileId }) => profileId.endsWith(sonnet))).toBe(false);
    expect(await lists.loadAvailability(sonnet)).toBeUndefined();
    expect(await lists.loadAvailability(nova)).toMatchObject({ modelId: nova, region: 'AVAILABLE' });
  });

  it('is the copies that an endpoint has, and no quota', async () => {
    const { lists, copies } = aRegion();
    expect(await lists.loadEndpoint({ endpoint: 'chat-small' })).toBe(copies);
    expect(await lists.loadEndpoint({ endpoint: 'another' })).toBeUndefined();
    expect(await lists.listQuotas()).toEqual({ quotas: [] });
  });

  it('is refused while it is throttled, from one call to the next', async () => {
    const { truth, lists } = aRegion('us-east-1', 'throttled');
    const throttled = { code: 'throttled' };
    await expect(lists.listModels()).rejects.toMatchObject(throttled);
    await expect(lists.listProfiles()).rejects.toMatchObject(throttled);
    await expect(lists.loadAvailability(nova)).rejects.toMatchObject(throttled);
    await expect(lists.loadEndpoint({ endpoint: 'chat-small' })).rejects.toMatchObject(throttled);
    truth.trouble = 'none';
    expect(await lists.listModels()).not.toEqual([]);
  });

  it('is empty lists that claim success', async () => {
    const { lists } = aRegion('us-east-1', 'empty');
    expect([await lists.listModels(), await lists.listProfiles()]).toEqual([[], []]);
  });

  it('is a lie where it is poisoned: every profile claims to stay at home', async () => {
    const { lists } = aRegion('eu-central-1', 'poisoned');
    const arns = (await lists.listProfiles()).flatMap(({ modelArns }) => modelArns);
    expect(new Set(arns.map((arn) => arn.split(':')[3]))).toEqual(new Set(['eu-central-1']));
    expect(arns.length).toBeGreaterThan(1);
  });
});
