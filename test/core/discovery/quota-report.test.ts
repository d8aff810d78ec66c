import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beneathZeroQuota, isQuotaAskingDue, nextQuotaReport } from '#core/discovery/quota-report.ts';
import { geoProfile, plainModel } from '#test/builders/fake-region.ts';
import {
  answered,
  failed,
  good,
  listing,
  lite,
  liteId,
  profileListing,
  run,
  targetOf,
  usLite,
  usLiteId,
} from '#test/builders/region-run.ts';
import { plainObservation } from '#test/builders/routes.ts';

const hourMs = 3_600_000;
const liteModel = plainModel(lite, { provider: 'Amazon', name: 'Nova Lite' });
const models = listing(liteModel);
const row = (scope: string, value: number, measure = 'tokens per minute') => ({
  name: `${scope} model inference ${measure} for Amazon Nova Lite`,
  value,
});
const onDemandZero = answered([row('On-demand', 0), row('Cross-region', 400_000)]);
const nothingZero = answered([row('On-demand', 200_000), row('Cross-region', 400_000)]);
const zeroOf = (pool: 'on-demand' | 'cross-region' | 'global') => ({
  pool,
  modelId: lite,
  reasons: ['zero-tokens-per-minute'],
});

describe('Service Quotas is asked', () => {
  const askedAt = 1_000_000;
  it.each([
    ['at once where it never was', undefined, 0],
    ['a day after a good answer', { askedAt, answeredAt: askedAt, zero: [] }, 24 * hourMs],
    [
      'an hour after an answer with a zero',
      { askedAt, answeredAt: askedAt, zero: [zeroOf('global')] },
      hourMs,
    ],
    ['an hour after a first failure', { askedAt, zero: [] }, hourMs],
    ['an hour after a later failure', { askedAt, answeredAt: askedAt - 1, zero: [] }, hourMs],
  ])('%s, and not before', (_when, report, afterMs) => {
    expect(isQuotaAskingDue(report, askedAt + afterMs)).toBe(true);
    if (report !== undefined) expect(isQuotaAskingDue(report, askedAt + afterMs - 1)).toBe(false);
  });
});

describe('the tokens a minute of a quota', () => {
  it('are those of its pool, of tracked models alone, until a later answer', () => {
    const first = run({ models, quotas: nothingZero });
    expect(first.quotas?.tokens).toEqual([
      { pool: 'cross-region', modelId: lite, tokensPerMinute: 400_000 },
      { pool: 'on-demand', modelId: lite, tokensPerMinute: 200_000 },
    ]);
    expect(targetOf(first, liteId)?.quotaTokensPerMinute).toBe(200_000);
    const later = run({ models, previous: first });
    expect(targetOf(later, liteId)?.quotaTokensPerMinute).toBe(200_000);
    const raised = run({ models, previous: first, quotas: answered([row('On-demand', 900_000)]) });
    expect(targetOf(raised, liteId)?.quotaTokensPerMinute).toBe(900_000);
    const untracked = run({ models, quotas: nothingZero, tracked: [] });
    expect(untracked.quotas).not.toHaveProperty('tokens');
    expect(targetOf(untracked, liteId)).not.toHaveProperty('quotaTokensPerMinute');
  });

  it('are the smaller ones of two spellings, and none where they are zero', () => {
    const both = answered([
      row('On-demand', 300_000),
      { ...row('On-demand', 200_000), name: `${row('On-demand', 0).name} V1` },
    ]);
    expect(targetOf(run({ models, quotas: both }), liteId)?.quotaTokensPerMinute).toBe(200_000);
    expect(targetOf(run({ models, quotas: onDemandZero }), liteId)).not.toHaveProperty(
      'quotaTokensPerMinute',
    );
  });
});

describe('a quota of zero', () => {
  it('takes the targets of its pool out, and leaves those of other pools', () => {
    const report = run({ models, quotas: onDemandZero });
    expect(targetOf(report, liteId)).toMatchObject({
      state: 'quota-zero',
      reasons: ['zero-tokens-per-minute'],
      stale: false,
    });
    expect(targetOf(report, usLiteId)).toMatchObject({ state: 'available', reasons: [] });
    expect(report.quotas).toMatchObject({
      askedAt: report.at,
      answeredAt: report.at,
      zero: [zeroOf('on-demand')],
    });
  });

  it('counts geographic profiles of one region, global profiles and application profiles as AWS does', () => {
    const profiles = profileListing(
      geoProfile(usLite, lite, ['us-east-1']),
      geoProfile(`global.${lite}`, lite, ['us-east-1', '']),
      geoProfile('a1b2c3d4e5f6', lite, ['us-east-1']),
      geoProfile('f6e5d4c3b2a1', lite, ['us-east-1', 'us-west-2']),
    );
    const ids = (scope: string): readonly string[] =>
      run({ models, profiles, quotas: answered([row(scope, 0)]) })
        .targets.filter((each) => each.state === 'quota-zero')
        .map((each) => each.profileId ?? each.modelId);
    expect(ids('On-demand')).toEqual(['a1b2c3d4e5f6', lite]);
    expect(ids('Cross-region')).toEqual(['f6e5d4c3b2a1', usLite]);
    expect(ids('Global cross-region')).toEqual([`global.${lite}`]);
  });

  it('says nothing of a target that is out for another reason', () => {
    const quotas = onDemandZero;
    const states = [
      run({ models, quotas, availability: answered({ ...good, agreement: 'PENDING' }) }),
      run({ models: listing({ ...liteModel, inferenceTypes: ['INFERENCE_PROFILE'] }), quotas }),
      run({ models, quotas, availability: failed() }),
    ].map((report) => targetOf(report, liteId).state);
    expect(states).toEqual(['no-agreement', 'profile-only', 'unknown']);
  });

  it('holds while lists, checks and Service Quotas fail, in any number and order', () => {
    const start = run({ models, quotas: onDemandZero });
    const silent = fc.constantFrom(
      { models: failed(), profiles: failed(), availability: failed() },
      { models: answered([]), profiles: answered([]), availability: null },
      { models: failed(), quotas: nothingZero },
      { models, availability: failed() },
      { models, availability: null },
      { models, quotas: failed() },
      { models, quotas: answered([]) },
      { models: listing() },
    );
    fc.assert(
      // Two lists without the model are no evidence yet.
      fc.property(fc.array(silent, { maxLength: 8 }), (runs) => {
        const kept = runs.filter((each, index) => each.models !== runs[7]?.models || index < 2);
        const end = kept.reduce((previous, changes) => run({ previous, ...changes }), start);
        expect(targetOf(end, liteId)).toMatchObject({
          state: 'quota-zero',
          since: start.at,
          reasons: expect.arrayContaining(['zero-tokens-per-minute']),
        });
        expect(end.quotas?.answeredAt).toBe(start.at);
        const { reasons } = targetOf(end, liteId);
        expect(reasons).toEqual([...new Set(reasons)]);
      }),
    );
  });

  it('ends with the answer that ends it, and counts as a new state', () => {
    const first = run({ models, quotas: onDemandZero });
    const second = run({ models, previous: first, quotas: nothingZero });
    expect(targetOf(second, liteId)).toMatchObject({ state: 'available', reasons: [], since: second.at });
    expect(second.quotas).toMatchObject({ askedAt: second.at, answeredAt: second.at, zero: [] });
    const third = run({ models, previous: second });
    expect(targetOf(third, liteId).since).toBe(second.at);
    expect(third.quotas).toEqual(second.quotas);
  });

  it('gives way to a legacy state where the lifecycle says so', () => {
    const legacy = listing({ ...liteModel, lifecycle: 'LEGACY' });
    const first = run({ models: legacy, quotas: onDemandZero });
    const second = run({ models: failed(), previous: first });
    expect(targetOf(second, liteId).state).toBe('quota-zero');
    expect(beneathZeroQuota(targetOf(second, liteId)).state).toBe('legacy');
    expect(targetOf(run({ models: legacy, previous: second, quotas: nothingZero }), liteId).state).toBe(
      'legacy',
    );
  });
});

describe('a failed asking', () => {
  it('is named, and keeps the last answer', () => {
    const first = run({ models, quotas: onDemandZero });
    const second = run({ models, previous: first, quotas: failed('AccessDeniedException') });
    expect(second.failures).toEqual(['ListServiceQuotas: AccessDeniedException']);
    expect(second.quotas).toEqual({ ...first.quotas, askedAt: second.at });
    expect(run({ models, quotas: failed() }).quotas).toEqual({ askedAt: first.at, zero: [] });
    expect(run({ models, previous: first, quotas: answered([]) }).failures).toEqual([
      'ListServiceQuotas: empty',
    ]);
  });

  it('is any in which the models could not be told by name: then the report stays as it was', () => {
    const first = run({ models, quotas: onDemandZero });
    expect(run({ models: failed(), previous: first, quotas: nothingZero }).quotas).toEqual(first.quotas);
  });

  it('ends nothing for a model that one list left out, and everything for one that is gone', () => {
    const previous = { targets: [plainObservation('us-east-1')] };
    const quotas = { askedAt: 1, answeredAt: 1, zero: [zeroOf('on-demand')] };
    const next = (targets: typeof previous.targets) =>
      nextQuotaReport({
        answer: nothingZero,
        models: [plainModel('other.model')],
        previous: { quotas, targets },
        tracked: new Set<string>(),
        at: 2,
      })?.zero;
    expect(next(previous.targets)).toEqual(quotas.zero);
    expect(next([plainObservation('us-east-1', { goneEvidence: 'three-lists' })])).toEqual([]);
  });
});
