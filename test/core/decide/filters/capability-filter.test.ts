import { describe, expect, it } from 'vitest';
import { capabilityFilter } from '#core/decide/filters/capability-filter.ts';
import { refusedFeatureKey } from '#core/decide/refused-features.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion, aQuestionNeeding, noConditions } from '#test/builders/a-question.ts';
import { aDedicatedTarget } from '#test/builders/a-target.ts';

const needing = aQuestionNeeding;

describe('capability', () => {
  it('removes what is known to be missing and tries what is unknown', () => {
    const blank = { capabilities: {} };
    expect(capabilityFilter.judge(aCandidate(), needing({ input: ['TEXT', 'VIDEO'] }))).toBe(
      'capability-missing',
    );
    expect(
      capabilityFilter.judge(aCandidate(blank), needing({ input: ['VIDEO'], tools: true, jsonSchema: true })),
    ).toBeUndefined();
    expect(
      capabilityFilter.judge(aCandidate({ capabilities: { tools: false } }), needing({ tools: true })),
    ).toBe('capability-missing');
    expect(capabilityFilter.judge(aCandidate({ capabilities: { output: ['EMBEDDING'] } }), aQuestion())).toBe(
      'capability-missing',
    );
  });

  it('removes what was heard to refuse a feature that the chat has', () => {
    const candidate = aCandidate();
    const refused = new Map([[refusedFeatureKey(candidate.target, 'tools'), Number.MAX_SAFE_INTEGER]]);
    const conditions = { ...noConditions, refused };
    expect(capabilityFilter.judge(candidate, { ...needing({ features: ['tools'] }), conditions })).toBe(
      'capability-missing',
    );
    expect(capabilityFilter.judge(candidate, { ...needing({}), conditions })).toBeUndefined();
  });

  it('asks Bedrock for tools and a container for its own mode where JSON is wanted', () => {
    const json = needing({ jsonSchema: true });
    const container = (jsonSchema: boolean) => ({
      ...aCandidate(),
      target: aDedicatedTarget({ capabilities: { jsonSchema } }),
    });
    expect(capabilityFilter.judge(aCandidate({ capabilities: { tools: false } }), json)).toBe(
      'capability-missing',
    );
    expect(
      capabilityFilter.judge(aCandidate({ capabilities: { tools: true, jsonSchema: false } }), json),
    ).toBeUndefined();
    expect(capabilityFilter.judge(container(false), json)).toBe('capability-missing');
    expect(capabilityFilter.judge(container(true), json)).toBeUndefined();
  });

  it('keeps what only Bedrock can express away from containers, and a thought budget to the models that have one', () => {
    const container = { ...aCandidate(), target: aDedicatedTarget() };
    expect(capabilityFilter.judge(container, needing({ bedrockOnly: true }))).toBe('capability-missing');
    expect(capabilityFilter.judge(aCandidate(), needing({ bedrockOnly: true }))).toBeUndefined();
    const thinking = needing({ reasoning: true });
    expect(capabilityFilter.judge(container, thinking)).toBe('capability-missing');
    expect(capabilityFilter.judge(aCandidate({ modelId: 'amazon.nova-lite-v1:0' }), thinking)).toBe(
      'capability-missing',
    );
    expect(
      capabilityFilter.judge(aCandidate({ modelId: 'anthropic.claude-x-v1:0' }), thinking),
    ).toBeUndefined();
  });
});
