import { describe, expect, it } from 'vitest';
import { callableModels } from '#core/permissions/callable-models.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { emptyFacts, shippedFacts } from '#test/builders/facts.ts';

const sonnet = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const nova = 'amazon.nova-lite-v1:0';

const eu = resolveResidency('eu', { jurisdictions: ['EU'] }, shippedFacts);
const us = resolveResidency('us', { jurisdictions: ['US'] }, shippedFacts);
const anywhere = resolveResidency('anywhere', { jurisdictions: 'any' }, shippedFacts);
const frankfurt = resolveResidency('frankfurt', { regions: ['eu-central-1'] }, shippedFacts);

function profileIds(options: Partial<Parameters<typeof callableModels>[0]>): readonly string[] {
  const question = {
    regions: ['eu-central-1'],
    ids: [sonnet],
    policies: [eu],
    facts: shippedFacts,
    ...options,
  };
  return callableModels(question).profiles.map(({ profileId }) => profileId);
}

describe('callableModels', () => {
  it('takes a profile whose whole reach lies inside a residency', () => {
    expect(profileIds({})).toEqual([`eu.${sonnet}`]);
  });

  it('leaves out a profile that leaves every residency', () => {
    expect(profileIds({ policies: [frankfurt] })).toEqual([]);
    expect(profileIds({ policies: [us] })).toEqual([]);
  });

  it('takes a global profile only where a residency has no bound', () => {
    expect(profileIds({})).not.toContain(`global.${sonnet}`);
    expect(profileIds({ policies: [eu, anywhere] })).toContain(`global.${sonnet}`);
  });

  it('takes a plain id in every served region that a residency allows, offered there or not', () => {
    const { plain } = callableModels({
      regions: ['eu-central-1', 'us-east-1'],
      ids: [nova],
      policies: [eu],
      facts: shippedFacts,
    });
    expect(plain).toEqual([{ modelId: nova, region: 'eu-central-1' }]);
  });

  it('keeps sources with other destinations of one profile apart', () => {
    const { profiles } = callableModels({
      regions: ['us-east-1', 'ca-central-1'],
      ids: [sonnet],
      policies: [anywhere],
      facts: shippedFacts,
    });
    const groups = profiles.filter(({ profileId }) => profileId === `us.${sonnet}`);
    expect(groups.map(({ sources }) => sources)).toEqual([['us-east-1'], ['ca-central-1']]);
    expect(groups[0]?.modelRegions).not.toContain('ca-central-1');
    expect(groups[1]?.modelRegions).toContain('ca-central-1');
  });

  it('takes a profile that a baseline names by its id, from its own sources only', () => {
    const named = callableModels({
      regions: ['eu-central-1', 'us-east-1'],
      ids: [`eu.${nova}`],
      policies: [eu, us],
      facts: shippedFacts,
    });
    expect(named.plain).toEqual([]);
    expect(named.profiles.map(({ profileId, sources }) => [profileId, sources])).toEqual([
      [`eu.${nova}`, ['eu-central-1']],
    ]);
  });

  it('permits no profile when the facts know none', () => {
    expect(profileIds({ facts: emptyFacts, policies: [anywhere] })).toEqual([]);
  });
});
