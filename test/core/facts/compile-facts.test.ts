import { describe, expect, it } from 'vitest';
import { emptyFacts, regionFacts, shippedFacts } from '#test/builders/facts.ts';

const sonnet = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const novaLite = 'amazon.nova-lite-v1:0';

describe('regions', () => {
  it('belong to their jurisdictions', () => {
    expect(shippedFacts.jurisdictionsOf('eu-central-1')).toEqual(['EU', 'EEA', 'DE']);
    expect(shippedFacts.jurisdictionsOf('eu-west-2')).toEqual(['UK']);
    expect(shippedFacts.countryOf('eu-west-2')).toBe('GB');
    expect(shippedFacts.regionsOf('JP')).toEqual(['ap-northeast-1', 'ap-northeast-3']);
    expect(shippedFacts.regions).toHaveLength(36);
    expect(shippedFacts.jurisdictions).toContain('EEA');
  });

  it('are unknown when the table lacks them', () => {
    expect(shippedFacts.jurisdictionsOf('xx-north-9')).toBeUndefined();
    expect(shippedFacts.countryOf('xx-north-9')).toBeUndefined();
    expect(shippedFacts.regionsOf('XX')).toEqual([]);
  });
});

describe('models', () => {
  it('are offered plain only where the catalogue says on demand', () => {
    expect(shippedFacts.plainOffered(novaLite, 'eu-north-1')).toBe(true);
    expect(shippedFacts.plainOffered(novaLite, 'eu-central-1')).toBe(false);
    expect(shippedFacts.plainOffered(sonnet, 'us-east-1')).toBe(false);
    expect(shippedFacts.plainRegionsOf(novaLite)).toContain('ap-southeast-2');
  });

  it('are not offered where the catalogue is ambiguous or knows nothing', () => {
    expect(shippedFacts.plainOffered('zai.glm-5', 'us-east-1')).toBe(true);
    expect(shippedFacts.plainOffered('zai.glm-5', 'ap-southeast-1')).toBe(false);
    expect(shippedFacts.plainOffered('anthropic.claude-fable-5-1', 'us-east-1')).toBe(false);
    expect(shippedFacts.plainRegionsOf('no.such-model')).toEqual([]);
  });

  it('carry capabilities and limits, and leave out what is unknown', () => {
    expect(shippedFacts.capabilitiesOf(novaLite)).toEqual({
      capabilities: {
        input: ['IMAGE', 'TEXT', 'VIDEO'],
        output: ['TEXT'],
        streaming: true,
        tools: true,
        streamedTools: true,
        parallelTools: true,
        toolChoiceAny: true,
        toolChoiceNamed: true,
        documents: true,
        systemPrompts: true,
        reasoning: [],
      },
      contextTokensMax: 300_000,
      outputTokensMax: 10_000,
    });
    expect(shippedFacts.capabilitiesOf(sonnet).capabilities).toMatchObject({
      tools: true,
      documents: true,
      reasoning: ['budget'],
    });
    // Sources disagree: unknown, as if none had spoken.
    expect(shippedFacts.capabilitiesOf('deepseek.r1-v1:0').capabilities).not.toHaveProperty('tools');
    const unknown = { capabilities: {}, contextTokensMax: null, outputTokensMax: null };
    expect(shippedFacts.capabilitiesOf('no.such-model')).toEqual(unknown);
  });

  it('carry their lifecycle with its end', () => {
    expect(shippedFacts.lifecycleOf(sonnet)).toBe('ACTIVE');
    expect(shippedFacts.lifecycleOf('ai21.jamba-1-5-mini-v1:0')).toBe('LEGACY');
    expect(shippedFacts.endOfLifeTimeOf('ai21.jamba-1-5-mini-v1:0')).toBe('2026-11-26T00:00:00.000Z');
    expect(shippedFacts.endOfLifeTimeOf(sonnet)).toBeUndefined();
    expect(shippedFacts.lifecycleOf('no.such-model')).toBeUndefined();
  });
});

describe('the demands of a model', () => {
  it('name the data-retention mode, where it has one', () => {
    expect(shippedFacts.retentionModeOf('anthropic.claude-mythos-5')).toBe('provider_data_share');
    expect(shippedFacts.retentionModeOf(sonnet)).toBeUndefined();
    expect(shippedFacts.models).toHaveLength(141);
  });
});

describe('profiles', () => {
  it('have other destinations from another source', () => {
    const eu = `eu.${novaLite}`;
    expect(shippedFacts.destinationsOf(eu, 'eu-central-1')).toEqual([
      'eu-central-1',
      'eu-north-1',
      'eu-west-1',
      'eu-west-3',
    ]);
    expect(shippedFacts.destinationsOf(eu, 'il-central-1')).toContain('il-central-1');
    expect(shippedFacts.destinationsOf(eu, 'us-east-1')).toBeUndefined();
  });

  it('reach everywhere when global, from any source', () => {
    expect(shippedFacts.destinationsOf(`global.${sonnet}`, 'us-east-1')).toEqual(['*']);
    expect(shippedFacts.destinationsOf(`global.${sonnet}`, 'xx-north-9')).toEqual(['*']);
  });

  it('are unknown where the destinations are not sourced', () => {
    expect(shippedFacts.destinationsOf('eu.anthropic.claude-opus-5-5', 'eu-central-1')).toBeUndefined();
    expect(shippedFacts.profilesFor('anthropic.claude-opus-5-5', 'eu-central-1')).toEqual([]);
    expect(shippedFacts.destinationsOf('no.such-profile', 'eu-central-1')).toBeUndefined();
  });

  it('are found by model and source region', () => {
    expect(shippedFacts.profilesFor(sonnet, 'ap-northeast-1')).toEqual([`global.${sonnet}`, `jp.${sonnet}`]);
    expect(shippedFacts.sourcesOf(`jp.${sonnet}`)).toEqual(['ap-northeast-1', 'ap-northeast-3']);
    expect(shippedFacts.sourcesOf('no.such-profile')).toEqual([]);
    expect(shippedFacts.modelOfProfile(`jp.${sonnet}`)).toBe(sonnet);
    expect(shippedFacts.modelOfProfile(sonnet)).toBeUndefined();
  });
});

describe('empty facts', () => {
  it('answer unknown to everything', () => {
    expect(emptyFacts.regions).toEqual([]);
    expect(emptyFacts.jurisdictionsOf('us-east-1')).toBeUndefined();
    expect(emptyFacts.plainOffered(novaLite, 'us-east-1')).toBe(false);
    expect(emptyFacts.destinationsOf(`eu.${novaLite}`, 'eu-central-1')).toBeUndefined();
    expect(emptyFacts.profilesFor(novaLite, 'eu-central-1')).toEqual([]);
    expect(emptyFacts.priceOf(novaLite, { scope: 'in-region', region: 'us-east-1' })).toBeUndefined();
  });

  it('may keep their regions', () => {
    expect(regionFacts.regionsOf('US')).toEqual(['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2']);
    expect(regionFacts.plainOffered(novaLite, 'us-east-1')).toBe(false);
  });
});
