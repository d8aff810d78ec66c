import { describe, expect, it } from 'vitest';
import { capabilityFilter, whatIsMissing } from '#core/decide/filters/capability-filter.ts';
import { refusedFeatureKey } from '#core/decide/refused-features.ts';
import { embeddingNeeds } from '#core/embedding/embedding-needs.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aQuestion, aQuestionNeeding, noConditions } from '#test/builders/a-question.ts';
import { aDedicatedTarget } from '#test/builders/a-target.ts';
import { anEmbeddingRequest } from '#test/builders/an-embedding-request.ts';

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

  it('lets only what one text can say go to a container of TGI’s own format', () => {
    const container = { api: 'tgi', chatTemplate: 'mistral-v1' } as const;
    const tgi = { ...aCandidate(), target: aDedicatedTarget({ capabilities: {}, container }) };
    const judged = (changes: Parameters<typeof needing>[0]) => {
      const question = needing(changes);
      return [capabilityFilter.judge(tgi, question), ...whatIsMissing(tgi.target, question)];
    };
    expect(judged({})).toEqual([undefined]);
    expect(judged({ jsonSchema: true })).toEqual([undefined]);
    expect(judged({ brokenTemplates: ['chatml'] })).toEqual([undefined]);
    expect(judged({ tools: true })).toEqual(['capability-missing', 'tools']);
    expect(judged({ input: ['TEXT', 'IMAGE'] })).toEqual(['capability-missing', 'input-modality']);
    expect(judged({ jsonSchema: true, anyJson: true })).toEqual(['capability-missing', 'json-answer']);
    expect(judged({ brokenTemplates: ['mistral-v1'] })).toEqual(['capability-missing', 'prompt-words']);
    const texts = { ...aQuestion(), needs: embeddingNeeds(anEmbeddingRequest()) };
    expect(capabilityFilter.judge(tgi, texts)).toBe('capability-missing');
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

  it('keeps what only Anthropic’s models understand to those', () => {
    const judged = (modelId: string) =>
      capabilityFilter.judge(aCandidate({ modelId }), needing({ anthropicOnly: true }));
    expect(judged('anthropic.claude-x-v1:0')).toBeUndefined();
    expect(judged('amazon.nova-lite-v1:0')).toBe('capability-missing');
    const container = {
      ...aCandidate(),
      target: aDedicatedTarget({ modelId: 'anthropic.claude-x-v1:0' }),
    };
    expect(capabilityFilter.judge(container, needing({ anthropicOnly: true }))).toBe('capability-missing');
  });

  it('keeps thoughts to models whose answers can hold them', () => {
    const judged = (outputTokensMax: number | null) =>
      capabilityFilter.judge(aCandidate({ outputTokensMax }), needing({ thinkingTokens: 4096 }));
    expect(judged(4096)).toBe('capability-missing');
    expect(judged(4097)).toBeUndefined();
    expect(judged(null)).toBeUndefined();
  });

  it('keeps an effort to models that take one, and tries those of which nobody knows', () => {
    const judged = (reasoning: readonly string[] | undefined) =>
      capabilityFilter.judge(aCandidate({ capabilities: { reasoning } }), needing({ effort: true }));
    expect(judged(['budget'])).toBe('capability-missing');
    expect(judged(['budget', 'effort'])).toBeUndefined();
    expect(judged(undefined)).toBeUndefined();
  });

  it('keeps what only Bedrock can express away from containers, and a thought budget to the models that have one', () => {
    const container = { ...aCandidate(), target: aDedicatedTarget() };
    expect(capabilityFilter.judge(container, needing({ bedrockOnly: true }))).toBe('capability-missing');
    expect(capabilityFilter.judge(aCandidate(), needing({ bedrockOnly: true }))).toBeUndefined();
    const forbidding = needing({ forbidsTools: true });
    expect(capabilityFilter.judge(container, forbidding)).toBeUndefined();
    expect(
      capabilityFilter.judge(aCandidate({ modelId: 'anthropic.claude-x-v1:0' }), forbidding),
    ).toBeUndefined();
    expect(capabilityFilter.judge(aCandidate({ modelId: 'amazon.nova-lite-v1:0' }), forbidding)).toBe(
      'capability-missing',
    );
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

describe('work that is no chat', () => {
  const embedding = aQuestion({ needs: embeddingNeeds(anEmbeddingRequest({ dimensions: 512 })) });
  const counting = needing({ work: 'count-tokens' });
  const embedder = (modelId: string) => aCandidate({ modelId, capabilities: { output: ['EMBEDDING'] } });

  it('goes to models that make vectors of that length, and counts to none that make any', () => {
    expect(capabilityFilter.judge(embedder('amazon.titan-embed-text-v2:0'), embedding)).toBeUndefined();
    expect(capabilityFilter.judge(embedder('cohere.embed-english-v3'), embedding)).toBe('capability-missing');
    expect(capabilityFilter.judge(aCandidate(), embedding)).toBe('capability-missing');
    expect(capabilityFilter.judge(embedder('amazon.titan-embed-text-v2:0'), counting)).toBe(
      'capability-missing',
    );
  });

  it('is counted by Bedrock alone, and not of models that it says it cannot count', () => {
    expect(capabilityFilter.judge(aCandidate(), counting)).toBeUndefined();
    const container = { ...aCandidate(), target: aDedicatedTarget() };
    expect(capabilityFilter.judge(container, counting)).toBe('capability-missing');
    const excluded = aCandidate({ modelId: 'anthropic.claude-opus-5-5' });
    expect(capabilityFilter.judge(excluded, counting)).toBe('capability-missing');
    expect(capabilityFilter.judge(excluded, needing({}))).toBeUndefined();
  });
});
