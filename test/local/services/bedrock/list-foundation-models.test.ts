import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createModelServices } from '#local/services/models.ts';
import { directCall } from '../direct-call.ts';

interface Row {
  readonly id: string;
  readonly lifecycle: string;
  readonly endpoints: readonly string[];
  readonly onDemandRegions: readonly string[] | null;
  readonly profileOnlyRegions: readonly string[] | null;
  readonly globalOnlyRegions: readonly string[] | null;
  readonly onDemandOrMantleRegions: readonly string[] | null;
  readonly mantleRegions: readonly string[] | null;
}

interface ProfileRow {
  readonly id: string;
  readonly modelId: string;
  readonly geo: string;
  readonly destinationsBySource?: Record<string, string> | null;
  readonly sources?: readonly string[] | null;
}

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../../../data/${name}`, import.meta.url), 'utf8')) as T;
const { models: rows } = read<{ models: readonly Row[] }>('catalogue.json');
const { profiles } = read<{ profiles: readonly ProfileRow[] }>('profiles.json');
const { regions } = read<{ regions: readonly { code: string }[] }>('regions.json');

const [bedrock] = createModelServices({ timeScale: 0 }).services;

async function listAll(region: string) {
  const { modelSummaries } = await directCall(bedrock, 'ListFoundationModels', {}, { region });
  return new Map<string, { inferenceTypesSupported: string[]; modelLifecycle: { status: string } }>(
    modelSummaries.map((summary: { modelId: string }) => [summary.modelId, summary]),
  );
}

async function listProfiles(region: string): Promise<readonly string[]> {
  const ids: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await directCall(bedrock, 'ListInferenceProfiles', { nextToken }, { region });
    ids.push(
      ...page.inferenceProfileSummaries.map((one: { inferenceProfileId: string }) => one.inferenceProfileId),
    );
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return ids;
}

describe('ListFoundationModels', () => {
  it('says of every (region, model) of the facts whether it is plain, profile-only, legacy or not offered', async () => {
    const seen = { plain: 0, profileOnly: 0, legacy: 0, absent: 0 };
    for (const { code } of regions) {
      const listed = await listAll(code);
      for (const row of rows) {
        const runtime = row.endpoints.includes('bedrock-runtime');
        const plain = runtime && (row.onDemandRegions ?? []).includes(code);
        const profileOnly = runtime && (row.profileOnlyRegions ?? []).includes(code);
        const summary = listed.get(row.id);
        const at = `${row.id} in ${code}`;
        expect(summary !== undefined, at).toBe(plain || profileOnly);
        if (!summary) {
          seen.absent += 1;
          continue;
        }
        expect(summary.inferenceTypesSupported.includes('ON_DEMAND'), at).toBe(plain);
        if (profileOnly) expect(summary.inferenceTypesSupported, at).toEqual(['INFERENCE_PROFILE']);
        expect(summary.modelLifecycle.status, at).toBe(row.lifecycle);
        seen.plain += plain ? 1 : 0;
        seen.profileOnly += profileOnly ? 1 : 0;
        seen.legacy += row.lifecycle === 'LEGACY' ? 1 : 0;
      }
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
  });

  it('lists nothing where only bedrock-mantle, or nobody knows whether bedrock-runtime, offers a model', async () => {
    for (const row of rows) {
      const offered = [...(row.onDemandRegions ?? []), ...(row.profileOnlyRegions ?? [])];
      for (const region of [...(row.onDemandOrMantleRegions ?? []), ...(row.mantleRegions ?? [])]) {
        if (row.endpoints.includes('bedrock-runtime') && offered.includes(region)) continue;
        expect((await listAll(region)).has(row.id), `${row.id} in ${region}`).toBe(false);
      }
    }
  });

  it('has only global profiles for the models of a global-only region', async () => {
    for (const row of rows) {
      for (const region of row.globalOnlyRegions ?? []) {
        const own = profiles.filter((profile) => profile.modelId === row.id).map((profile) => profile.id);
        const listed = (await listProfiles(region)).filter((id) => own.includes(id));
        expect(listed.length, `${row.id} in ${region}`).toBeGreaterThan(0);
        expect(
          listed.every((id) => id.startsWith('global.')),
          `${row.id} in ${region}`,
        ).toBe(true);
      }
    }
    for (const region of ['af-south-1', 'mx-central-1']) {
      const ids = await listProfiles(region);
      expect(ids.length).toBeGreaterThan(5);
      expect(ids.filter((id) => !id.startsWith('global.'))).toEqual([]);
    }
  });

  it('has a profile for every profile-only (region, model) whose profiles are known', async () => {
    const unsourced = new Set(
      profiles.filter((one) => one.destinationsBySource === null).map((one) => one.modelId),
    );
    for (const { code } of regions) {
      const ids = await listProfiles(code);
      for (const row of rows) {
        if (!(row.profileOnlyRegions ?? []).includes(code) || unsourced.has(row.id)) continue;
        expect(
          ids.some((id) => id.endsWith(`.${row.id}`)),
          `${row.id} in ${code}`,
        ).toBe(true);
      }
    }
  });

  it('filters by provider, modality, inference type and customization, and refuses other values', async () => {
    const list = async (filter: Record<string, string>) =>
      (await directCall(bedrock, 'ListFoundationModels', filter)).modelSummaries;
    const anthropic = await list({ byProvider: 'anthropic' });
    expect(anthropic.length).toBeGreaterThan(3);
    expect(anthropic.every((one: { providerName: string }) => one.providerName === 'Anthropic')).toBe(true);
    const embedding = await list({ byOutputModality: 'EMBEDDING' });
    expect(embedding.map((one: { modelId: string }) => one.modelId)).toContain(
      'amazon.titan-embed-text-v2:0',
    );
    const onDemand = await list({ byInferenceType: 'ON_DEMAND' });
    expect(onDemand.some((one: { modelId: string }) => one.modelId.includes('sonnet-4-5'))).toBe(false);
    const tuned = await list({ byCustomizationType: 'FINE_TUNING' });
    expect(tuned.map((one: { modelId: string }) => one.modelId)).toEqual(['amazon.nova-canvas-v1:0']);
    await expect(list({ byInferenceType: 'INFERENCE_PROFILE' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});
