import { describe, expect, it } from 'vitest';
import { geoProfile, plainModel } from '#test/builders/fake-region.ts';
import {
  answered,
  failed,
  good,
  listing,
  lite,
  profileListing,
  run,
  runAccount,
  runRegion,
  targetOf,
  usLite,
  usLiteId,
} from '#test/builders/region-run.ts';

const observed = (changes: Parameters<typeof run>[0] = {}) => targetOf(run(changes), usLiteId);

describe('an inference profile', () => {
  it('is one part of a region’s observations, reaching what its ARNs say here, with its source', () => {
    expect(observed({ profiles: profileListing(geoProfile(usLite, lite, ['us-west-2'])) })).toMatchObject({
      scope: 'geo',
      profileId: usLite,
      modelId: lite,
      reach: ['us-east-1', 'us-west-2'],
      state: 'available',
    });
  });

  it('reaches everywhere when an ARN names no region, whatever its prefix', () => {
    const profiles = profileListing(geoProfile(usLite, lite, ['us-west-2', '']));
    expect(observed({ profiles })).toMatchObject({ reach: ['*'], scope: 'global' });
  });

  it('reaches everywhere under a global id, even when its list is empty', () => {
    const profiles = profileListing(geoProfile(`global.${lite}`, lite, []));
    const id = `${runAccount}/${runRegion}/global.${lite}`;
    expect(targetOf(run({ profiles }), id)).toMatchObject({ reach: ['*'], scope: 'global', modelId: lite });
  });

  it.each([
    ['empty', []],
    ['malformed', ['', 'nonsense']],
  ])('has no reach when its list is %s, and keeps the last full one as stale', (_name, modelArns) => {
    const profiles = profileListing({ ...geoProfile(usLite, lite, []), modelArns });
    expect(observed({ profiles })).toMatchObject({
      reach: [],
      stale: true,
      reasons: ['reach-unknown'],
      modelId: lite,
    });
    expect(observed({ previous: run(), profiles })).toMatchObject({
      reach: ['us-east-1', 'us-west-2'],
      stale: true,
      state: 'available',
    });
  });

  it('takes a new full list of destinations for what it is', () => {
    const profiles = profileListing(geoProfile(usLite, lite, ['us-east-2', 'ca-central-1']));
    expect(observed({ previous: run(), profiles }).reach).toEqual(['ca-central-1', 'us-east-1', 'us-east-2']);
  });

  it('shares the access and the lifecycle of its model', () => {
    expect(observed({ availability: answered({ ...good, agreement: 'PENDING' }) }).state).toBe(
      'no-agreement',
    );
    expect(observed({ models: listing(plainModel(lite, { lifecycle: 'LEGACY' })) }).state).toBe('legacy');
  });

  it('is a target although the region lists no such model', () => {
    expect(observed({ models: listing() })).toMatchObject({ state: 'available', lifecycle: 'UNKNOWN' });
  });

  it('keeps the lifecycle of the last good list of models', () => {
    const previous = run({ models: listing(plainModel(lite, { lifecycle: 'LEGACY' })) });
    expect(observed({ previous, models: failed() })).toMatchObject({ state: 'legacy', lifecycle: 'LEGACY' });
  });

  it('stays as last known under a failed or empty list', () => {
    const previous = run();
    for (const profiles of [failed(), answered([])])
      expect(observed({ previous, profiles })).toMatchObject({ state: 'available', stale: true });
  });

  it('is no suspicion where a region never had any', () => {
    expect(run({ profiles: answered([]) }).failures).toEqual([]);
  });

  it('leaves after three good lists without it', () => {
    let previous = run();
    const states: string[] = [];
    for (let list = 0; list < 3; list += 1) {
      previous = run({ previous, profiles: profileListing() });
      states.push(targetOf(previous, usLiteId).state);
    }
    expect(states).toEqual(['available', 'available', 'not-offered']);
  });

  it('does not serve under a status that is not ACTIVE', () => {
    const profiles = profileListing({ ...geoProfile(usLite, lite, ['us-west-2']), status: 'DELETING' });
    expect(observed({ profiles })).toMatchObject({
      state: 'not-offered',
      reasons: ['profile-status-deleting'],
    });
  });
});
