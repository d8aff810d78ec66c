/** What it must show, 2: one account, every region, against the facts, row by row. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Availability } from '#contract/http.ts';
import catalogue from '#data/catalogue.json' with { type: 'json' };
import profiles from '#data/profiles.json' with { type: 'json' };
import world from '#examples/world.config.ts';
import { type SpillwayProcess, startSpillway } from './spillway-process.ts';

let spillway: SpillwayProcess;
let availability: Availability;
const account = '111111111111';
const usable = new Set(['available', 'legacy']);

beforeAll(async () => {
  spillway = await startSpillway({ configFile: 'examples/world.config.ts' });
  const url = `${spillway.gatewayUrl('us-east-1')}/spillway/v1/availability`;
  const response = await fetch(url, { headers: { authorization: 'Bearer sk-local' } });
  expect(response.status).toBe(200);
  availability = (await response.json()) as Availability;
});
afterAll(() => spillway?.close());

/** Discovery's answer for one (region, model), in the words of the facts. */
function offered(region: string, modelId: string): string {
  const targets = availability.targets.filter(
    (target) => target.region === region && target.modelId === modelId && target.account === account,
  );
  const usableTargets = targets.filter((target) => usable.has(target.state));
  if (usableTargets.some((target) => target.scope === 'in-region')) return 'plain';
  if (usableTargets.some((target) => target.scope === 'geo')) return 'profile-only';
  if (usableTargets.some((target) => target.scope === 'global')) return 'global-only';
  return 'not-offered';
}

interface Row {
  readonly id: string;
  readonly lifecycle: string;
  readonly endpoints: readonly string[];
  readonly onDemandRegions: readonly string[] | null;
  readonly profileOnlyRegions: readonly string[] | null;
  readonly globalOnlyRegions: readonly string[] | null;
}
const models: readonly Row[] = catalogue.models;

/** Source regions of a model's geographic profiles whose destinations are sourced; nothing else can be listed. */
const geoSources = new Map<string, Set<string>>();
for (const profile of profiles.profiles) {
  const sources = geoSources.get(profile.modelId) ?? new Set<string>();
  geoSources.set(profile.modelId, sources);
  for (const source of Object.keys(profile.destinationsBySource ?? {})) sources.add(source);
}

function expected(region: string, model: Row): string {
  if (model.onDemandRegions?.includes(region)) return 'plain';
  if (!model.profileOnlyRegions?.includes(region)) return 'not-offered';
  return geoSources.get(model.id)?.has(region) ? 'profile-only' : 'global-only';
}

const scanned = [...(world.accounts[0]?.regions ?? [])].sort();

describe('availability over the world', () => {
  it('is compared with facts that know which rows are global-only', () => {
    const wrong = models.flatMap((model) =>
      scanned
        .filter(
          (region) => model.globalOnlyRegions?.includes(region) && expected(region, model) !== 'global-only',
        )
        .map((region) => `${region} ${model.id}`),
    );
    expect(wrong).toEqual([]);
  });

  it('covers the 31 regions of the facts', () => {
    expect(scanned).toHaveLength(31);
    expect([...new Set(availability.targets.map((target) => target.region))].sort()).toEqual(scanned);
  });

  it('equals the facts for every (region, model)', () => {
    const differences = scanned.flatMap((region) =>
      models
        .map((model) => ({ model, want: expected(region, model), got: offered(region, model.id) }))
        .filter(({ want, got }) => want !== got)
        .map(({ model, want, got }) => `${region} ${model.id}: the facts say ${want}, discovery says ${got}`),
    );
    expect(differences).toEqual([]);
  });

  it('says legacy where the facts do', () => {
    const wrong = availability.targets.filter((target) => {
      const model = models.find((row) => row.id === target.modelId);
      return (
        usable.has(target.state) &&
        model !== undefined &&
        (target.state === 'legacy') !== (model.lifecycle === 'LEGACY')
      );
    });
    expect(wrong.map((target) => `${target.id} is ${target.state}`)).toEqual([]);
  });

  it.each(['af-south-1', 'mx-central-1'])('offers nothing but global profiles in %s', (region) => {
    const scopes = new Set(
      availability.targets
        .filter((target) => target.region === region && usable.has(target.state))
        .map((target) => target.scope),
    );
    expect([...scopes]).toEqual(['global']);
  });

  it('does not offer mantle-only, ambiguous or unsourced rows', () => {
    const hidden = models
      .filter((model) => model.onDemandRegions === null || !model.endpoints.includes('bedrock-runtime'))
      .map((model) => model.id);
    expect(hidden.length).toBeGreaterThan(0);
    expect(
      availability.targets
        .filter((target) => hidden.includes(target.modelId ?? '') && usable.has(target.state))
        .map((target) => target.id),
    ).toEqual([]);
  });
});
