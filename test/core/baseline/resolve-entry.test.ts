import { describe, expect, it } from 'vitest';
import { type EntryQuestion, resolveEntry } from '#core/baseline/resolve-entry.ts';
import { compileFacts } from '#core/facts/compile-facts.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import regions from '#data/regions.json' with { type: 'json' };

const model = {
  input: null,
  output: null,
  streaming: null,
  lifecycle: 'ACTIVE',
  endOfLifeOn: null,
  contextTokensMax: null,
  outputTokensMax: null,
  retentionMode: null,
};
const facts = compileFacts({
  regions,
  catalogue: {
    models: [
      { ...model, id: 'maker.one', onDemandRegions: ['eu-west-1'] },
      { ...model, id: 'maker.two', onDemandRegions: [] },
    ],
  },
  profiles: {
    destinationSets: [
      { id: 'wide', regions: ['eu-central-1', 'eu-west-1', 'eu-west-3'] },
      { id: 'small', regions: ['eu-west-1', 'eu-west-3'] },
    ],
    profiles: ['maker.one', 'maker.two'].flatMap((modelId) => [
      { id: `eu.${modelId}`, geo: 'eu', modelId, destinationsBySource: { 'eu-west-1': 'wide' } },
      { id: `eu2.${modelId}`, geo: 'eu2', modelId, destinationsBySource: { 'eu-west-1': 'small' } },
      { id: `global.${modelId}`, geo: 'global', modelId, sources: ['eu-west-1', 'us-east-1'] },
    ]),
  },
});
const ask = (changes: Partial<EntryQuestion>) =>
  resolveEntry({
    candidates: ['maker.two'],
    account: '111111111111',
    region: 'eu-west-1',
    policy: resolveResidency('eu', { jurisdictions: ['EU'] }, facts),
    facts,
    ...changes,
  });

describe('one baseline entry', () => {
  it('takes the least that does the work: plain, then the smallest geography, then global', () => {
    const any = resolveResidency('anywhere', { jurisdictions: 'any' }, facts);
    expect(ask({ candidates: ['maker.one'], policy: any })).toMatchObject({
      target: { scope: 'in-region', id: '111111111111/eu-west-1/maker.one' },
    });
    expect(ask({ policy: any })).toMatchObject({ target: { scope: 'geo', profileId: 'eu2.maker.two' } });
    expect(ask({ policy: any, region: 'us-east-1' })).toMatchObject({
      target: { scope: 'global', reach: ['*'] },
    });
  });

  it('says what is wrong with every candidate', () => {
    const nowhere = resolveResidency('us', { jurisdictions: ['US'] }, facts);
    expect(ask({ candidates: ['maker.none', 'maker.two'], policy: nowhere })).toEqual({
      resolved: false,
      why: 'the facts do not know maker.none; maker.two from eu-west-1 reaches eu-central-1, eu-west-1, eu-west-3, outside the residency us',
    });
    expect(ask({ candidates: ['maker.two'], region: 'eu-west-3' })).toMatchObject({
      why: 'maker.two is not offered in eu-west-3',
    });
    expect(ask({ candidates: [] })).toMatchObject({ why: 'the model has no candidates' });
  });

  it('keeps unknown limits and prices unknown', () => {
    expect(ask({})).toMatchObject({
      target: { pricing: null, contextTokensMax: null, outputTokensMax: null, capabilities: {} },
    });
  });

  it('puts a named model that is no candidate after all candidates', () => {
    expect(ask({ id: 'maker.one' })).toMatchObject({ target: { modelId: 'maker.one', position: 1 } });
  });

  it('carries the end of life where one is known', () => {
    const dated = compileFacts({
      regions,
      catalogue: {
        models: [{ ...model, id: 'maker.one', onDemandRegions: ['eu-west-1'], endOfLifeOn: '2027-01-31' }],
      },
    });
    expect(ask({ facts: dated, candidates: ['maker.one'] })).toMatchObject({
      target: { endOfLifeTime: '2027-01-31T00:00:00.000Z' },
    });
  });
});
