import { describe, expect, it } from 'vitest';
import { needsRecorded, recordNeeds } from '#core/audit/recorded-needs.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { fewNeeds } from '#test/builders/few-needs.ts';

const members = [aTarget({ capabilities: { serviceTiers: ['priority'] } })].map((target) => ({
  target,
  tier: 'serverless' as const,
  verdict: { lawful: true as const, reach: [] },
  make: 0,
  lastCandidate: undefined,
}));
const roster = { members };

describe('needs in a record', () => {
  it('are as short as the request is plain', () => {
    expect(recordNeeds(fewNeeds, roster)).toEqual({
      work: 'chat',
      input: ['TEXT'],
      features: [],
      inputTokensMin: 3,
    });
  });

  it('say that a caller chose something, and not what', () => {
    const needs = {
      ...fewNeeds,
      sampling: { seed: -42, logitBias: { '31337': 5 } },
      nativeJsonObstacle: 'schema keyword of the caller',
      jsonSchemaKey: '120-3735928559',
      serviceTier: 'written by the caller',
    };
    const recorded = recordNeeds(needs, roster);
    expect(recorded).toMatchObject({
      sampling: ['negative-seed', 'logit-bias'],
      nativeJsonObstacle: true,
      jsonSchemaKey: true,
      serviceTier: 'other',
    });
    for (const secret of ['42', '31337', 'keyword', '3735928559', 'written'])
      expect(JSON.stringify(recorded)).not.toContain(secret);
  });

  it('keep a tier that some target is known to have', () => {
    expect(recordNeeds({ ...fewNeeds, serviceTier: 'priority' }, roster)).toMatchObject({
      serviceTier: 'priority',
    });
  });

  it('come back as needs of the same kind', () => {
    const chat = { ...fewNeeds, tools: true, forcedTool: 'any' as const, thinkingTokens: 9 };
    expect(needsRecorded(recordNeeds(chat, roster))).toMatchObject(chat);
    const vectors = {
      work: 'embedding' as const,
      dimensions: 256,
      normalize: undefined,
      truncates: true,
      inputTokensMin: 2,
    };
    expect(needsRecorded(recordNeeds(vectors, roster))).toEqual(vectors);
  });
});
