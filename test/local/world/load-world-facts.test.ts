import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EVERYWHERE } from '#local/world/facts.ts';
import { loadWorldFacts } from '#local/world/load-world-facts.ts';

const facts = loadWorldFacts();
const model = (id: string) => facts.models.find((one) => one.modelId === id);
const profile = (id: string) => facts.profiles.find((one) => one.profileId === id);

describe('loadWorldFacts', () => {
  it('offers a model of another endpoint, or of unknown regions, nowhere', () => {
    expect(model('anthropic.claude-haiku-4-5')).toMatchObject({
      onDemandRegions: [],
      profileOnlyRegions: [],
    });
    expect(model('openai.gpt-6-astra')).toMatchObject({ onDemandRegions: [], profileOnlyRegions: [] });
  });

  it('reads the destinations of a profile from the region that calls it', () => {
    expect(profile('us.amazon.nova-2-lite-v1:0')?.destinationsBySource).toMatchObject({
      'us-east-1': ['us-east-1', 'us-east-2', 'us-west-2'],
      'ca-central-1': ['ca-central-1', 'us-east-1', 'us-east-2', 'us-west-2'],
    });
  });

  it('gives a global profile everywhere as destination, and one without sources the regions of its model', () => {
    expect(profile('global.amazon.nova-2-lite-v1:0')?.destinationsBySource['ap-east-2']).toBe(EVERYWHERE);
    const sources = Object.keys(profile('global.anthropic.claude-opus-5-5')?.destinationsBySource ?? {});
    expect(sources).toContain('af-south-1');
    expect(sources).toContain('eu-west-2');
  });

  it('invents no destinations where none are known', () => {
    expect(profile('eu.anthropic.claude-opus-5-5')?.destinationsBySource).toEqual({});
    expect(profile('us.openai.gpt-6.1-sol')?.destinationsBySource).toEqual({});
  });

  it('reads the dates of a lifecycle', () => {
    expect(model('anthropic.claude-opus-4-1-20250805-v1:0')?.lifecycle).toEqual({
      status: 'LEGACY',
      legacyTime: new Date('2026-07-08'),
      publicExtendedAccessTime: new Date('2026-10-08'),
      endOfLifeTime: new Date('2027-01-08'),
    });
  });

  it('keeps to the endpoint of a row even when the row names regions, and refuses unknown destination sets', () => {
    const folder = mkdtempSync(join(tmpdir(), 'world-facts-'));
    const load = (catalogue: unknown, profiles: unknown) => {
      writeFileSync(join(folder, 'catalogue.json'), JSON.stringify(catalogue));
      writeFileSync(join(folder, 'capabilities.json'), JSON.stringify({ models: [] }));
      writeFileSync(join(folder, 'profiles.json'), JSON.stringify(profiles));
      return loadWorldFacts(pathToFileURL(`${folder}/`));
    };
    const row = {
      id: 'a.b',
      endpoints: ['bedrock-mantle'],
      onDemandRegions: ['us-east-1'],
      profileOnlyRegions: null,
    };
    const nothing = { destinationSets: [], profiles: [] };
    expect(load({ models: [{ ...row, inferenceTypes: [] }] }, nothing).models).toMatchObject([
      { modelId: 'a.b', onDemandRegions: [], profileOnlyRegions: [] },
    ]);
    const profile = { id: 'us.a.b', geo: 'us', modelId: 'a.b', destinationsBySource: { 'us-east-1': 'D99' } };
    expect(() => load({ models: [] }, { destinationSets: [], profiles: [profile] })).toThrow('D99');
    rmSync(folder, { recursive: true });
  });
});
