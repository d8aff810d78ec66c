import { describe, expect, it } from 'vitest';
import { plainModel } from '#test/builders/fake-region.ts';
import { answered, failed, good, listing, lite, liteId, run, targetOf } from '#test/builders/region-run.ts';

const observed = (changes: Parameters<typeof run>[0] = {}) => targetOf(run(changes), liteId);

describe('a plain model id', () => {
  it('is one part of a region’s observations', () => {
    expect(observed()).toMatchObject({
      scope: 'in-region',
      reach: ['us-east-1'],
      kind: 'bedrock',
      stale: false,
    });
  });

  it.each([
    [{}, {}, 'available'],
    [{ lifecycle: 'LEGACY' }, {}, 'legacy'],
    [{ inferenceTypes: ['INFERENCE_PROFILE'] }, {}, 'profile-only'],
    [{ inferenceTypes: ['PROVISIONED'] }, {}, 'profile-only'],
    [{ inferenceTypes: [] }, {}, 'profile-only'],
    [{ inferenceTypes: ['INFERENCE_PROFILE'] }, { region: 'NOT_AVAILABLE' }, 'not-offered'],
    [{}, { authorization: 'NOT_AUTHORIZED' }, 'not-authorized'],
    [{}, { entitlement: 'NOT_AVAILABLE' }, 'not-entitled'],
    [{}, { agreement: 'PENDING' }, 'no-agreement'],
    [{}, { region: 'NOT_AVAILABLE' }, 'not-offered'],
  ])('listed as %j with access %j is %s', (listed, access, state) => {
    const models = listing(plainModel(lite, listed));
    expect(observed({ models, availability: answered({ ...good, ...access }) }).state).toBe(state);
  });

  it('carries the reason access-not-checked where nobody tracks it', () => {
    expect(observed({ tracked: [] })).toMatchObject({ state: 'available', reasons: ['access-not-checked'] });
  });

  it('keeps the time since when its state holds, and renews it when the state moves', () => {
    const first = run();
    const second = run({ previous: first });
    const legacy = run({ previous: second, models: listing(plainModel(lite, { lifecycle: 'LEGACY' })) });
    expect(targetOf(second, liteId).since).toBe(first.at);
    expect(targetOf(legacy, liteId).since).toBe(legacy.at);
  });

  it('comes back by itself after it was gone', () => {
    const gone = run({ previous: run(), models: listing(), availability: answered(undefined) });
    expect(targetOf(gone, liteId)).toMatchObject({
      state: 'not-offered',
      goneEvidence: 'availability-not-available',
    });
    const back = targetOf(run({ previous: gone }), liteId);
    expect(back).toMatchObject({ state: 'available', absentLists: 0 });
    expect(back.goneEvidence).toBeUndefined();
  });

  it.each([
    ['failed', failed(), 'list-failed'],
    ['empty', answered([]), 'list-empty'],
  ])('stays as last known under a list that is %s', (_name, models, reason) => {
    const previous = run();
    expect(observed({ previous, models })).toEqual({
      ...targetOf(previous, liteId),
      stale: true,
      reasons: [reason],
    });
  });

  it('is unknown under a failed list when nothing was known before', () => {
    expect(observed({ models: failed() })).toMatchObject({ state: 'unknown', stale: true });
  });

  it('shows a tracked model that a region never lists, with evidence after three lists', () => {
    let previous = run({ models: listing() });
    expect(targetOf(previous, liteId)).toMatchObject({ state: 'not-offered', reasons: ['not-listed'] });
    expect(targetOf(previous, liteId).goneEvidence).toBeUndefined();
    for (let list = 0; list < 2; list += 1) previous = run({ previous, models: listing() });
    expect(targetOf(previous, liteId).goneEvidence).toBe('three-lists');
  });
});
