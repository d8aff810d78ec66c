import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type FactsBefore, recordFacts } from '#cli/record/record-facts.ts';
import {
  catalogueFileSchema,
  profilesFileSchema,
  type RecordedModel,
  type RecordedRegion,
} from '#cli/record/recorded-answers.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { factsFileText } from '../../../scripts/facts-file.ts';

const fileText = (name: string): string =>
  readFileSync(new URL(`../../../data/${name}`, import.meta.url), 'utf8');
const catalogue = catalogueFileSchema.parse(JSON.parse(fileText('catalogue.json')));
const profiles = profilesFileSchema.parse(JSON.parse(fileText('profiles.json')));
const shipped: FactsBefore = { catalogue, profiles, regions: shippedFacts.regions };

/** What AWS answers in a region where all that the facts say is true, and nothing else. */
function answersOf(region: string, before: FactsBefore = shipped): RecordedRegion {
  const models = before.catalogue.models.flatMap((row): readonly RecordedModel[] => {
    const plain = row.onDemandRegions?.includes(region) === true;
    if (!plain && row.profileOnlyRegions?.includes(region) !== true) return [];
    return [
      {
        modelId: row.id,
        provider: row.provider,
        name: row.name,
        input: [...(row.input ?? [])].reverse(),
        output: row.output ?? [],
        streaming: row.streaming ?? undefined,
        inferenceTypes: plain ? ['ON_DEMAND'] : ['INFERENCE_PROFILE'],
        customizations: row.customizations,
        lifecycle: row.lifecycle,
        launchedOn: undefined,
        legacyOn: row.legacyOn ?? undefined,
        publicExtendedAccessOn: undefined,
        endOfLifeOn: undefined,
      },
    ];
  });
  const sets = new Map(before.profiles.destinationSets.map((set) => [set.id, set.regions]));
  const arn = (where: string, modelId: string): string =>
    `arn:aws:bedrock:${where}::foundation-model/${modelId}`;
  const listed = before.profiles.profiles.flatMap(({ id, modelId, destinationsBySource, sources }) => {
    const destinations = sets.get(destinationsBySource?.[region] ?? '');
    if (destinations !== undefined)
      return [{ profileId: id, modelArns: destinations.map((where) => arn(where, modelId)) }];
    return sources?.includes(region) === true
      ? [{ profileId: id, modelArns: [arn(region, modelId), arn('', modelId)] }]
      : [];
  });
  return { region, models, profiles: listed, failures: [] };
}

const withModel = (
  answers: RecordedRegion,
  model: Partial<RecordedModel> & { readonly modelId: string },
): RecordedRegion => {
  const base = answers.models?.[0];
  if (base === undefined) throw new Error('the region lists nothing');
  return { ...answers, models: [...(answers.models ?? []), { ...base, ...model }] };
};

const facts = (files: ReadonlyMap<string, string>) =>
  catalogueFileSchema.parse(JSON.parse(files.get('catalogue.json') ?? '{}'));

describe('recordFacts', () => {
  it('changes nothing where every region answers what the facts say', () => {
    const recorded = shipped.regions
      .map((region) => answersOf(region))
      .filter(({ models }) => models?.length !== 0);
    const result = recordFacts(shipped, recorded, '2026-11-21');
    expect(result.models).toEqual([]);
    expect(result.profiles).toEqual([]);
    expect([...result.files]).toEqual([]);
    expect(recorded.length).toBeGreaterThan(20);
  });

  it('keeps every fact of a region that failed or answered an empty list', () => {
    const failed = {
      region: 'us-east-1',
      models: undefined,
      profiles: undefined,
      failures: ['ListFoundationModels: ThrottlingException'],
    };
    const result = recordFacts(shipped, [failed, answersOf('eu-west-1')], '2026-11-21');
    expect(result.files.size).toBe(0);
    expect(result.keptRegions).toEqual([
      { region: 'us-east-1', why: 'ListFoundationModels: ThrottlingException' },
    ]);
  });

  it('adds a model, offers it where it was seen, and dates its row', () => {
    const answers = withModel(answersOf('eu-west-1'), {
      modelId: 'new.model-v1:0',
      name: 'New',
      inferenceTypes: ['ON_DEMAND'],
      lifecycle: 'ACTIVE',
    });
    const result = recordFacts(shipped, [answers], '2026-11-21');
    expect(result.models.map(({ id, kind }) => [id, kind])).toEqual([['new.model-v1:0', 'added']]);
    const row = facts(result.files).models.find(({ id }) => id === 'new.model-v1:0');
    expect(row).toMatchObject({
      onDemandRegions: ['eu-west-1'],
      profileOnlyRegions: [],
      contextTokensMax: null,
      asOf: '2026-11-21',
    });
  });

  it('takes a model out of a region that no longer lists it, and leaves the other regions alone', () => {
    const full = answersOf('us-east-1');
    const answers = {
      ...full,
      models: full.models?.filter((model) => model.modelId !== 'amazon.nova-lite-v1:0'),
    };
    const result = recordFacts(shipped, [answers], '2026-11-21');
    expect(result.models).toEqual([
      { id: 'amazon.nova-lite-v1:0', kind: 'changed', details: ['onDemandRegions: -us-east-1'] },
    ]);
  });

  it('tells a changed lifecycle and keeps limits that AWS does not tell', () => {
    const full = answersOf('us-east-1');
    const models = full.models?.map((model) =>
      model.modelId === 'amazon.nova-lite-v1:0'
        ? { ...model, lifecycle: 'LEGACY', endOfLifeOn: '2027-05-01' }
        : model,
    );
    const result = recordFacts(shipped, [{ ...full, models }], '2026-11-21');
    expect(result.models).toEqual([
      {
        id: 'amazon.nova-lite-v1:0',
        kind: 'changed',
        details: ['lifecycle: ACTIVE → LEGACY', 'endOfLifeOn: unknown → 2027-05-01'],
      },
    ]);
    const row = facts(result.files).models.find(({ id }) => id === 'amazon.nova-lite-v1:0');
    expect(row?.contextTokensMax).toBe(
      catalogue.models.find(({ id }) => id === 'amazon.nova-lite-v1:0')?.contextTokensMax,
    );
  });

  it('follows a profile to new destinations with a new set, and one that is gone', () => {
    const full = answersOf('eu-west-1');
    const changed = full.profiles
      ?.filter(({ profileId }) => profileId !== 'eu.amazon.nova-pro-v1:0')
      .map((profile) =>
        profile.profileId === 'eu.amazon.nova-lite-v1:0'
          ? {
              ...profile,
              modelArns: ['eu-west-1', 'eu-west-3'].map(
                (where) => `arn:aws:bedrock:${where}::foundation-model/amazon.nova-lite-v1:0`,
              ),
            }
          : profile,
      );
    const result = recordFacts(shipped, [{ ...full, profiles: changed }], '2026-11-21');
    expect(result.profiles.map(({ id }) => id)).toEqual([
      'eu.amazon.nova-lite-v1:0',
      'eu.amazon.nova-pro-v1:0',
    ]);
    const written = profilesFileSchema.parse(JSON.parse(result.files.get('profiles.json') ?? '{}'));
    const set = written.profiles.find(({ id }) => id === 'eu.amazon.nova-lite-v1:0')?.destinationsBySource?.[
      'eu-west-1'
    ];
    expect(written.destinationSets.find(({ id }) => id === set)?.regions).toEqual(['eu-west-1', 'eu-west-3']);
    expect(
      written.profiles.find(({ id }) => id === 'eu.amazon.nova-pro-v1:0')?.destinationsBySource?.[
        'eu-west-1'
      ],
    ).toBeUndefined();
  });

  it('writes nothing of a region whose jurisdiction nobody knows, and says so', () => {
    const result = recordFacts(shipped, [{ ...answersOf('eu-west-1'), region: 'xx-north-9' }], '2026-11-21');
    expect(result.unknownRegions).toEqual(['xx-north-9']);
    expect(result.files.size).toBe(0);
  });

  it('replaces the date of an earlier refresh instead of adding to it', () => {
    const answers = withModel(answersOf('eu-west-1'), { modelId: 'new.model-v1:0' });
    const first = facts(recordFacts(shipped, [answers], '2026-11-21').files);
    const second = recordFacts(
      { ...shipped, catalogue: first },
      [withModel(answers, { modelId: 'newer.model-v1:0' })],
      '2026-11-22',
    );
    expect(facts(second.files).source.match(/Refreshed by/g)).toHaveLength(1);
    expect(facts(second.files).source).toContain('2026-11-22');
  });
});

describe('factsFileText', () => {
  it('writes the shipped files byte for byte', () => {
    for (const name of ['catalogue.json', 'profiles.json', 'prices.json', 'regions.json']) {
      const { source, asOf, ...tables } = JSON.parse(fileText(name));
      expect(factsFileText({ source, asOf, tables }), name).toBe(fileText(name));
    }
  });
});
