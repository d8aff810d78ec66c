import { describe, expect, it } from 'vitest';
import { chatNeeds } from '#core/chat/chat-needs.ts';
import type { ChatFeature, ChatRequest } from '#core/chat/chat-request.ts';
import { capabilityFilter, whatIsMissing } from '#core/decide/filters/capability-filter.ts';
import { openJsonWays } from '#core/decide/json-way.ts';
import { isCalledPlainly, jsonAnswer, jsonWay, refusedFeatureKey } from '#core/decide/refused-features.ts';
import { compilingKey } from '#core/decide/schema-grammars.ts';
import type { Capabilities, Target } from '#core/target.ts';
import { aCandidate } from '#test/builders/a-candidate.ts';
import { aChatRequest } from '#test/builders/a-chat-request.ts';
import { aQuestion, noConditions } from '#test/builders/a-question.ts';
import { aDedicatedTarget } from '#test/builders/a-target.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const schema = { type: 'object', properties: { city: { type: 'string' } } };
const responseFormat: ChatRequest['responseFormat'] = { kind: 'json-schema', name: 'place', schema };
const bounded: ChatRequest['responseFormat'] = {
  ...responseFormat,
  schema: { type: 'object', properties: { city: { type: 'string', minLength: 1 } } },
};
const specifications = [{ name: 'look', inputSchema: { type: 'object' } }];
const own = (kind: 'auto' | 'any' | 'none') => ({ specifications, choice: { kind } });
const thinking = { reasoning: { budgetTokens: 1024 } };

const asking = (changes: Partial<ChatRequest>) =>
  aQuestion({ needs: { work: 'chat', ...chatNeeds(aChatRequest({ responseFormat, ...changes }), false) } });
const needsOf = (changes: Partial<ChatRequest>) =>
  chatNeeds(aChatRequest({ responseFormat, ...changes }), false);
const waysOf = (capabilities: Capabilities, changes: Partial<ChatRequest> = {}) =>
  openJsonWays(aCandidate({ capabilities }).target, needsOf(changes));
const having = (target: Target, ...features: readonly ChatFeature[]) => {
  const refused = new Map(
    features.map((feature) => [refusedFeatureKey(target, feature), Number.MAX_SAFE_INTEGER]),
  );
  return { ...asking({}), conditions: { ...noConditions, refused } };
};

describe('the ways to JSON', () => {
  it('are structured outputs first where the model is known to have them, and a tool where nobody knows', () => {
    expect(waysOf({ jsonSchema: true })).toEqual(['native', 'tool']);
    expect(waysOf({})).toEqual(['tool', 'native']);
    expect(waysOf({ jsonSchema: false })).toEqual(['tool']);
    expect(waysOf({ jsonSchema: true, tools: false })).toEqual(['native']);
    expect(waysOf({ jsonSchema: false, tools: false })).toEqual([]);
  });

  it('are structured outputs alone beside thinking, with and without tools of the caller’s own', () => {
    expect(waysOf({ jsonSchema: true }, thinking)).toEqual(['native']);
    expect(waysOf({ jsonSchema: true }, { ...thinking, tools: own('auto') })).toEqual(['native']);
    expect(waysOf({ jsonSchema: true }, { anthropic: { adaptiveThinking: {} } })).toEqual(['native']);
    expect(waysOf({ jsonSchema: false }, thinking)).toEqual([]);
  });

  it('are a tool where structured outputs cannot say it', () => {
    const cited = {
      document: { format: 'txt', name: 'n', source: { text: 'Hi' }, citations: true },
    } as const;
    for (const changes of [
      { responseFormat: bounded },
      { responseFormat: { kind: 'json' } as const },
      { tools: own('none') },
      { continuesAssistant: true },
      { messages: [{ role: 'user' as const, content: [cited] }] },
    ])
      expect(waysOf({ jsonSchema: true }, changes)).toEqual(['tool']);
  });

  it('need the choice of tools that they are made by, and any where one tool is all', () => {
    expect(waysOf({ jsonSchema: false, toolChoiceNamed: false })).toEqual(['tool']);
    expect(waysOf({ jsonSchema: false, toolChoiceNamed: false, toolChoiceAny: false })).toEqual([]);
    expect(waysOf({ jsonSchema: true, toolChoiceAny: false }, { tools: own('auto') })).toEqual(['native']);
    expect(waysOf({ toolChoiceNamed: false }, { tools: own('none') })).toEqual([]);
  });

  it('leave a tool that the caller forces as the answer', () => {
    const tools = { specifications, choice: { kind: 'tool' as const, name: 'look' } };
    expect(waysOf({ jsonSchema: true }, { tools })).toEqual(['tool']);
  });

  it('of the models that ship are as their facts say', () => {
    const shipped = (modelId: string, changes: Partial<ChatRequest> = {}) =>
      openJsonWays(aCandidate({ modelId, ...shippedFacts.capabilitiesOf(modelId) }).target, needsOf(changes));
    expect(shipped('anthropic.claude-opus-4-6-v1')).toEqual(['native', 'tool']);
    expect(shipped('anthropic.claude-sonnet-4-6')).toEqual(['tool', 'native']);
    expect(shipped('anthropic.claude-sonnet-4-6', thinking)).toEqual(['native']);
    expect(shipped('anthropic.claude-fable-5-1')).toEqual(['native']);
    expect(shipped('anthropic.claude-opus-5-5')).toEqual([]);
    expect(shipped('mistral.mistral-large-2402-v1:0')).toEqual(['tool', 'native']);
  });
});

describe('a way that was refused', () => {
  const { target } = aCandidate({ capabilities: { jsonSchema: true } });

  it('is told why, where it is not the one that goes first', () => {
    const compiling = (name: string) => {
      const question = asking({});
      const { needs } = question;
      const key = compilingKey(target, (needs.work === 'chat' && needs.jsonSchemaKey) || '');
      const responseSchema = { type: 'object', properties: { [name]: { type: 'string' } } };
      const asked =
        name === 'city'
          ? question
          : asking({ responseFormat: { ...responseFormat, schema: responseSchema } });
      const { at } = question;
      return { ...asked, conditions: { ...noConditions, grammars: new Map([[key, at + 1]]) } };
    };
    const native = { way: 'native' };
    const byTool = (because: string) => ({ way: 'tool', because });
    expect(jsonAnswer(target, asking({}))).toEqual(native);
    expect(jsonAnswer(target, having(target, 'native-json'))).toEqual(byTool('native-refused'));
    expect(jsonAnswer(target, asking({ responseFormat: bounded }))).toEqual(byTool('native-closed'));
    expect(jsonAnswer(target, compiling('city'))).toEqual(byTool('schema-compiling'));
    expect(jsonAnswer(target, compiling('street'))).toEqual(native);
    const alone = { way: 'native', because: 'tool-closed' };
    expect(jsonAnswer(target, having(target, 'tool-choice'))).toEqual(alone);
    // Nobody else is there to answer: it waits for the schema.
    const sole = { ...target, capabilities: { jsonSchema: true, tools: false } };
    expect(jsonAnswer(sole, compiling('city'))).toEqual(alone);
    expect(jsonAnswer({ ...target, capabilities: {} }, asking({}))).toEqual({ way: 'tool' });
  });

  it('is left for the other one, and JSON is missing by name where both were', () => {
    expect(jsonWay(target, asking({}))).toBe('native');
    expect(jsonWay(target, having(target, 'native-json'))).toBe('tool');
    expect(jsonWay(target, having(target, 'tool-choice'))).toBe('native');
    const both = having(target, 'native-json', 'tool-choice');
    expect(jsonWay(target, both)).toBeUndefined();
    expect(capabilityFilter.judge(aCandidate({ capabilities: { jsonSchema: true } }), both)).toBe(
      'capability-missing',
    );
    expect(whatIsMissing(target, both)).toEqual(['native-json', 'tool-choice']);
  });

  it('says nothing of structured outputs elsewhere, unless nobody knew that the model has any', () => {
    const wayElsewhere = (capabilities: Capabilities) => {
      const bare = { tools: false, ...capabilities };
      const { target: elsewhere } = aCandidate({ capabilities: bare, id: 'elsewhere' });
      return jsonWay(elsewhere, having(aCandidate({ capabilities: bare }).target, 'native-json'));
    };
    expect(wayElsewhere({ jsonSchema: true })).toBe('native');
    expect(wayElsewhere({})).toBeUndefined();
  });

  it('of streams with tools does not meet structured outputs', () => {
    expect(isCalledPlainly(target, having(target, 'streaming-tools'))).toBe(false);
    const bare = aCandidate({ capabilities: {} }).target;
    expect(isCalledPlainly(bare, having(bare, 'streaming-tools'))).toBe(true);
  });
});

it('a container has its own format and none of these ways', () => {
  expect(openJsonWays(aDedicatedTarget(), needsOf({}))).toEqual([]);
});
