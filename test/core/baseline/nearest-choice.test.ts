import { describe, expect, it } from 'vitest';
import { nearestChoice } from '#core/baseline/nearest-choice.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { shippedFacts as facts } from '#test/builders/facts.ts';

const novaLite = 'amazon.nova-lite-v1:0';
const ask = (region: string, regions: readonly string[], jurisdictions: 'any' | string[]) =>
  nearestChoice({
    accounts: [{ id: '111111111111', regions }],
    candidates: [novaLite],
    policy: resolveResidency('policy', { jurisdictions }, facts),
    facts,
    region,
  });

describe('the nearest lawful choice', () => {
  it('is the region itself, else one of its country, else one of its jurisdictions, else any', () => {
    expect(ask('us-east-2', ['eu-north-1', 'us-east-1', 'us-east-2'], 'any')).toBe(
      `the nearest lawful choice is us-east-2 (${novaLite})`,
    );
    expect(ask('us-west-1', ['eu-north-1', 'ap-northeast-1', 'us-east-1'], 'any')).toContain('us-east-1');
    expect(ask('eu-west-1', ['ap-northeast-1', 'eu-north-1'], 'any')).toContain('eu-north-1');
    expect(ask('af-south-1', ['ap-southeast-2', 'eu-north-1'], 'any')).toContain('ap-southeast-2');
  });

  it('looks beyond the listed regions when none of them is lawful', () => {
    expect(ask('eu-west-1', ['eu-west-1'], ['AU'])).toMatch(
      /^no listed region is lawful; ap-southeast-2 .* would be, if an account listed it$/,
    );
  });

  it('says when no region at all is lawful', () => {
    expect(ask('af-south-1', ['af-south-1'], ['ZA'])).toBe(
      'no region serves the candidates inside the residency policy',
    );
  });
});
