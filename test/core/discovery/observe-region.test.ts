import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainModel } from '#test/builders/fake-region.ts';
import { answered, failed, good, listing, lite, profileListing, run } from '#test/builders/region-run.ts';

describe('a run over a region', () => {
  it('lists its targets by id, each once', () => {
    const ids = run().targets.map((target) => target.id);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it('says which parts failed, and counts those that failed alike', () => {
    expect(run({ models: failed('AccessDeniedException'), availability: failed() }).failures).toEqual([
      'ListFoundationModels: AccessDeniedException',
      'GetFoundationModelAvailability: ThrottlingException (1 of 1)',
    ]);
    expect(run({ previous: run(), models: answered([]), profiles: answered([]) }).failures).toEqual([
      'ListFoundationModels: empty',
      'ListInferenceProfiles: empty',
    ]);
  });

  it('is complete only when both lists answered well', () => {
    const first = run();
    expect(first.completeAt).toBe(first.at);
    expect(run({ previous: first, profiles: failed() }).completeAt).toBe(first.at);
    expect(run({ models: failed() }).completeAt).toBeUndefined();
  });

  it('never concludes anything from runs in which nothing answers, in any number and order', () => {
    const silent = fc.constantFrom(
      { models: failed(), profiles: failed(), availability: failed() },
      { models: answered([]), profiles: answered([]), availability: failed() },
      { models: failed('TimeoutError'), profiles: answered([]), availability: null },
    );
    fc.assert(
      fc.property(fc.array(silent, { maxLength: 8 }), (runs) => {
        const start = run();
        const end = runs.reduce((previous, changes) => run({ previous, ...changes }), start);
        const facts = (report: typeof start) =>
          report.targets.map(({ id, state, reach }) => [id, state, reach]);
        expect(facts(end)).toEqual(facts(start));
        expect(end.targets.every((target) => target.stale === runs.length > 0)).toBe(true);
      }),
    );
  });

  it('forgets nothing that fresh answers do not contradict: a good run after silence equals one without it', () => {
    const start = run();
    const silence = run({ previous: start, models: failed(), profiles: failed(), availability: failed() });
    const later = { at: silence.at + 60_000 };
    expect(run({ previous: silence, ...later })).toEqual(run({ previous: start, ...later }));
  });

  it('knows no region, model or profile by heart', () => {
    const report = run({
      models: listing(plainModel(lite), plainModel('nobody.knows-v9:9')),
      profiles: profileListing(),
      availability: answered(good),
    });
    expect(report.targets.some((target) => target.modelId === 'nobody.knows-v9:9')).toBe(true);
  });
});
