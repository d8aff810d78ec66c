import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatNeeds } from '#core/chat/chat-needs.ts';
import type { ChatRequest } from '#core/chat/chat-request.ts';
import { capabilityFilter, whatIsMissing } from '#core/decide/filters/capability-filter.ts';
import { lacksAbility, missingAbilities } from '#core/decide/missing-abilities.ts';
import { refusedFeatureKey } from '#core/decide/refused-features.ts';
import type { Capabilities } from '#core/target.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';
import { aQuestion, aQuestionNeeding as needing, noConditions } from '#test/builders/a-question.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { shippedFacts } from '#test/builders/facts.ts';

describe('a known fact', () => {
  const specifications = [{ name: 'look', inputSchema: { type: 'object' } }];
  const call = (toolUseId: string) => ({ toolUse: { toolUseId, name: 'look', input: {} } });
  const twoCalls: ChatRequest['messages'] = [
    { role: 'user', content: [{ text: 'Hi' }] },
    { role: 'assistant', content: [call('1'), call('2')] },
  ];
  const asking = (changes: Partial<ChatRequest>) =>
    aQuestion({ needs: { work: 'chat', ...chatNeeds(aChatRequest(changes), false) } });
  const document = { document: { format: 'txt', name: 'notes', source: { text: 'Hi' } } } as const;
  const messagesWith = (content: ChatRequest['messages'][number]['content']) => [
    { role: 'user' as const, content },
  ];

  it.each<readonly [string, keyof Capabilities, Partial<ChatRequest>]>([
    ['parallel-tools', 'parallelTools', { messages: twoCalls }],
    ['tool-choice', 'toolChoiceAny', { tools: { specifications, choice: { kind: 'any' } } }],
    ['tool-choice', 'toolChoiceNamed', { tools: { specifications, choice: { kind: 'tool', name: 'look' } } }],
    ['json-answer', 'tools', { responseFormat: { kind: 'json' } }],
    [
      'json-answer',
      'toolChoiceAny',
      { responseFormat: { kind: 'json' }, tools: { specifications, choice: { kind: 'auto' } } },
    ],
    ['documents', 'documents', { messages: messagesWith([document]) }],
    ['system-prompts', 'systemPrompts', { system: [{ text: 'Be short.' }] }],
  ])('removes for %s where %s is known to be missing alone, by name', (name, ability, changes) => {
    const judged = (known: boolean | undefined, asked = changes) => {
      const candidate = aCandidate({ capabilities: known === undefined ? {} : { [ability]: known } });
      const question = asking(asked);
      return [capabilityFilter.judge(candidate, question), whatIsMissing(candidate.target, question)];
    };
    expect(judged(false)).toEqual(['capability-missing', [name]]);
    expect(judged(true)).toEqual([undefined, []]);
    expect(judged(undefined)).toEqual([undefined, []]);
    expect(judged(false, {})).toEqual([undefined, []]);
  });

  it('sends a container JSON schemas that it is not known to lack, and Bedrock forced tools', () => {
    const json = asking({ responseFormat: { kind: 'json-schema', name: 'a', schema: { type: 'object' } } });
    const container = (jsonSchema: boolean | undefined) => ({
      ...aCandidate(),
      target: aDedicatedTarget({ capabilities: { jsonSchema } }),
    });
    expect([true, undefined, false].map((known) => capabilityFilter.judge(container(known), json))).toEqual([
      undefined,
      undefined,
      'capability-missing',
    ]);
    expect(whatIsMissing(container(false).target, json)).toEqual(['json-answer']);
    const judged = (modelId: string) =>
      capabilityFilter.judge(aCandidate({ modelId, ...shippedFacts.capabilitiesOf(modelId) }), json);
    expect(judged('anthropic.claude-opus-5-5')).toBe('capability-missing');
    expect(judged('anthropic.claude-sonnet-4-5-20250929-v1:0')).toBeUndefined();
    expect(judged('deepseek.r1-v1:0')).toBeUndefined();
  });

  it('keeps a tier to models that are served in it, and tries those of which nobody knows', () => {
    const question = asking({ bedrock: { serviceTier: 'flex' } });
    const judged = (modelId: string) => {
      const { target } = aCandidate({ modelId, ...shippedFacts.capabilitiesOf(modelId) });
      return whatIsMissing(target, question);
    };
    expect(judged('anthropic.claude-opus-5-5')).toEqual(['service-tier']);
    expect(judged('amazon.nova-pro-v1:0')).toEqual([]);
    expect(judged('anthropic.claude-sonnet-4-5-20250929-v1:0')).toEqual([]);
  });

  it('is never a missing one: of a target of which nothing is known, nothing that facts could say is missing', () => {
    const changes = fc.record({
      forcedTool: fc.constantFrom('any' as const, 'named' as const, undefined),
      forcedJsonTool: fc.constantFrom('any' as const, 'named' as const, 'sole' as const, undefined),
      serviceTier: fc.constantFrom('flex', 'priority', undefined),
      input: fc.subarray(['TEXT', 'IMAGE', 'VIDEO', 'AUDIO']),
      features: fc.subarray([
        'tools',
        'parallel-tools',
        'documents',
        'system-prompts',
        'tool-choice',
      ] as const),
      tools: fc.boolean(),
      documents: fc.boolean(),
      jsonSchema: fc.boolean(),
      effort: fc.boolean(),
    });
    fc.assert(
      fc.property(changes, (needs) => {
        expect(capabilityFilter.judge(aCandidate({ capabilities: {} }), needing(needs))).toBeUndefined();
      }),
    );
  });

  it('learned from a refusal is named as such', () => {
    const candidate = aCandidate({ capabilities: {} });
    const refused = new Map([
      [refusedFeatureKey(candidate.target, 'parallel-tools'), Number.MAX_SAFE_INTEGER],
    ]);
    const question = { ...asking({ messages: twoCalls }), conditions: { ...noConditions, refused } };
    expect(capabilityFilter.judge(candidate, question)).toBe('capability-missing');
    expect(whatIsMissing(candidate.target, question)).toEqual(['parallel-tools']);
    expect(whatIsMissing(candidate.target, { ...question, conditions: noConditions })).toEqual([]);
  });
});

it('names something exactly where something is missing', () => {
  const needs = chatNeeds(aChatRequest({ anthropic: { topK: 5 } }), false);
  expect([lacksAbility(aTarget(), needs), missingAbilities(aTarget(), needs)]).toEqual([true, ['anthropic']]);
  const few = chatNeeds(aChatRequest(), false);
  expect([lacksAbility(aTarget(), few), missingAbilities(aTarget(), few)]).toEqual([false, []]);
});

describe('how tokens are drawn', () => {
  const chatTemplate = 'chatml';
  const targets = {
    bedrock: aTarget(),
    openAi: aDedicatedTarget(),
    tgi: aDedicatedTarget({ container: { api: 'tgi', chatTemplate } }),
  };
  const missing = (sampling: ChatRequest['sampling']) =>
    Object.entries(targets).map(([kind, target]) => [
      kind,
      ...missingAbilities(target, chatNeeds(aChatRequest({ sampling }), false)),
    ]);

  it.each<readonly [NonNullable<ChatRequest['sampling']>, string, boolean]>([
    [{ seed: 7 }, 'seed', true],
    [{ seed: -7 }, 'seed', false],
    [{ frequencyPenalty: 0.5 }, 'frequency_penalty', true],
    [{ presencePenalty: 0.5 }, 'presence_penalty', false],
    [{ logitBias: { 12: 1 } }, 'logit_bias', false],
  ])(
    '%j keeps a call from Bedrock by the name %s, and from no container that has it',
    (sampling, name, tgi) => {
      expect(missing(sampling)).toEqual([['bedrock', name], ['openAi'], tgi ? ['tgi'] : ['tgi', name]]);
    },
  );
});
