import { describe, expect, it } from 'vitest';
import {
  boundResidency,
  boundsOf,
  hasLawfulTarget,
  type PlacesTruth,
  placesOf,
} from '#simulator/judges/places-truth.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { madePlaces } from '#test/builders/made-places.ts';

const nova = 'amazon.nova-lite-v1:0';
const jurisdictions = { US: ['us-east-1', 'us-west-2'], EU: ['eu-central-1'], JP: ['ap-northeast-1'] };
const truth = madePlaces({
  jurisdictions,
  profiles: {
    'eu.alone': { 'eu-central-1': ['eu-central-1'] },
    'eu.wide': { 'eu-central-1': ['eu-west-1', 'eu-north-1'] },
    'global.all': { 'eu-central-1': ['*'] },
  },
});

describe('the places of a call', () => {
  it.each([
    ['a plain model', aTarget(), ['us-east-1']],
    ['an endpoint', aDedicatedTarget({ region: 'us-west-2', profileId: 'eu.wide' }), ['us-west-2']],
    [
      'a profile of one region',
      aTarget({ region: 'eu-central-1', profileId: 'eu.alone' }),
      ['eu-central-1', 'eu-central-1'],
    ],
    [
      'a profile, its source too',
      aTarget({ region: 'eu-central-1', profileId: 'eu.wide' }),
      ['eu-central-1', 'eu-west-1', 'eu-north-1'],
    ],
    [
      'a profile without bounds',
      aTarget({ region: 'eu-central-1', profileId: 'global.all' }),
      ['eu-central-1', '*'],
    ],
    [
      'a profile that is unknown where it is called',
      aTarget({ region: 'us-east-1', profileId: 'eu.wide' }),
      ['us-east-1', '*'],
    ],
  ])('of %s', (_, target, places) => {
    expect(placesOf(truth, target)).toEqual(places);
  });
});

describe('the bounds of a residency', () => {
  const config = acmeConfig({
    residencies: {
      us: { jurisdictions: ['US'] },
      eu: { jurisdictions: ['EU'], regions: ['eu-west-2'] },
      japan: { jurisdictions: ['JP'] },
      frankfurt: { regions: ['eu-central-1'] },
      anywhere: { jurisdictions: 'any' },
    },
  });

  it('are the regions of its jurisdictions and those that it names', () => {
    const regions = (residency: string) => [...(boundsOf(config, truth, residency) ?? ['no bounds'])];
    expect(regions('us')).toEqual(['us-east-1', 'us-west-2']);
    expect(regions('eu')).toEqual(['eu-central-1', 'eu-west-2']);
    expect(regions('frankfurt')).toEqual(['eu-central-1']);
    expect(regions('anywhere')).toEqual(['no bounds']);
  });

  it('are nowhere for a residency that the configuration does not know', () => {
    expect(boundsOf(config, truth, 'mars')).toEqual(new Set());
  });

  it('are those that a request names, or its tenant', () => {
    expect(boundResidency(config, { tenant: 'demo', residency: 'eu' })).toBe('eu');
    expect(boundResidency(config, { tenant: 'demo' })).toBe('anywhere');
    expect(boundResidency(config, { tenant: 'nobody' })).toBeUndefined();
  });
});

describe('whether anything lawful could answer', () => {
  const withoutEndpoints = acmeConfig({
    models: { 'chat-small': { candidates: [nova] } },
  });
  const owed = (places: PlacesTruth, residency: string, config = withoutEndpoints) =>
    hasLawfulTarget(config, places, { model: 'chat-small', residency });

  it('is so with a plain model in a region of an account, inside', () => {
    const places = madePlaces({ jurisdictions, plain: { [nova]: ['us-west-2', 'sa-east-1'] } });
    expect(owed(places, 'us')).toBe(true);
    expect(owed(places, 'anywhere')).toBe(true);
    expect(owed(places, 'eu')).toBe(false);
  });

  it('is not so where no account is', () => {
    const places = madePlaces({ jurisdictions: { US: ['us-west-1'] }, plain: { [nova]: ['us-west-1'] } });
    expect(owed(places, 'us')).toBe(false);
  });

  it('is so with a profile that stays inside, and not with one that does not', () => {
    const profile = (destinations: readonly string[]) =>
      madePlaces({
        jurisdictions,
        listed: { [nova]: ['eu.lite'] },
        profiles: { 'eu.lite': { 'eu-central-1': destinations } },
      });
    expect(owed(profile(['eu-central-1']), 'frankfurt')).toBe(true);
    expect(owed(profile(['eu-central-1', 'eu-west-1']), 'frankfurt')).toBe(false);
    expect(owed(profile(['*']), 'frankfurt')).toBe(false);
    expect(owed(profile(['*']), 'anywhere')).toBe(true);
  });

  it('is so with an endpoint inside', () => {
    const places = madePlaces({ jurisdictions });
    expect(owed(places, 'us', acmeConfig())).toBe(true);
    expect(owed(places, 'eu', acmeConfig())).toBe(false);
  });

  it('is not so for a model that the configuration does not know', () => {
    expect(hasLawfulTarget(acmeConfig(), truth, { model: 'chat-huge', residency: 'anywhere' })).toBe(false);
  });
});
