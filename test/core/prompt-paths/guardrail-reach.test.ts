import { describe, expect, it } from 'vitest';
import { guardrailReach } from '#core/prompt-paths/guardrail-reach.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const reachOf = (region: string, profileId?: string) => guardrailReach({ region, profileId }, shippedFacts);

describe('where a guardrail reads', () => {
  it('is its own region, and with a profile every region of the geography beside it', () => {
    expect(reachOf('eu-west-1')).toEqual(['eu-west-1']);
    expect(reachOf('eu-west-1', 'eu.guardrail.v1:0')).toEqual([...shippedFacts.regionsOf('EU')].sort());
    expect(reachOf('eu-west-2', 'eu.guardrail.v1:0')).toContain('eu-west-2');
  });

  it('is unknown of a profile whose geography nobody knows', () => {
    expect(reachOf('eu-west-1', 'moon.guardrail.v1:0')).toBeUndefined();
    expect(reachOf('eu-west-1', 'toString.guardrail.v1:0')).toBeUndefined();
  });
});
