import { describe, expect, it } from 'vitest';
import type { ChatFeature } from '#core/chat/chat-request.ts';
import {
  droppedFeatures,
  isCalledPlainly,
  plainly,
  refusedFeatureKey,
  refusedFeatures,
} from '#core/decide/refused-features.ts';
import type { Target } from '#core/target.ts';
import { aQuestionNeeding, noConditions } from '#test/builders/a-question.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';

const model = aTarget();
const container = aDedicatedTarget();
const heard = (target: Target, feature: ChatFeature, until: number) => ({
  conditions: { ...noConditions, refused: new Map([[refusedFeatureKey(target, feature), until]]) },
});
const later = aQuestionNeeding({}).at + 1;

describe('what a target was heard to refuse', () => {
  it('is known of the model in every region and account, and of one container alone', () => {
    expect(refusedFeatureKey(aTarget({ region: 'us-west-2', account: '222222222222' }), 'tools')).toBe(
      refusedFeatureKey(model, 'tools'),
    );
    expect(refusedFeatureKey(aDedicatedTarget({ region: 'us-west-2' }), 'tools')).not.toBe(
      refusedFeatureKey(container, 'tools'),
    );
  });

  it('counts for requests that have it, until it is forgotten', () => {
    const needing = aQuestionNeeding({ features: ['tools'] });
    expect(refusedFeatures(model, { ...needing, ...heard(model, 'tools', later) })).toEqual(['tools']);
    expect(refusedFeatures(model, { ...needing, ...heard(model, 'tools', needing.at) })).toEqual([]);
    expect(refusedFeatures(model, { ...needing, ...heard(model, 'images', later) })).toEqual([]);
    expect(refusedFeatures(model, { ...aQuestionNeeding({}), ...heard(model, 'tools', later) })).toEqual([]);
  });

  it('counts against JSON answers of Bedrock too, which a forced tool makes there', () => {
    const needing = aQuestionNeeding({ jsonSchema: true });
    const question = (target: Target) => ({ ...needing, ...heard(target, 'tool-choice', later) });
    expect(refusedFeatures(model, question(model))).toEqual(['tool-choice']);
    expect(refusedFeatures(container, question(container))).toEqual([]);
  });

  it('lets a target that refuses streams be called plainly', () => {
    const isPlain = (feature: ChatFeature, tools: boolean) =>
      isCalledPlainly(model, { ...aQuestionNeeding({ tools }), ...heard(model, feature, later) });
    expect(isPlain('streaming', false)).toBe(true);
    expect(isPlain('streaming-tools', true)).toBe(true);
    expect(isPlain('streaming-tools', false)).toBe(false);
    expect(isPlain('tools', true)).toBe(false);
    expect(plainly(model).capabilities).toEqual({ ...model.capabilities, streaming: false });
  });
});

describe('what a target is called without', () => {
  const strict = aQuestionNeeding({ tools: true, features: ['tools', 'strict-tools'] });
  const endpoint = (jsonSchema: boolean) => aDedicatedTarget({ capabilities: { jsonSchema } });

  it('is strictness of tools, where a model of Bedrock is known to have no structured outputs', () => {
    const dropped = ([true, undefined, false] as const).map((jsonSchema) =>
      droppedFeatures(aTarget({ capabilities: { jsonSchema } }), strict),
    );
    expect(dropped).toEqual([[], [], ['strict-tools']]);
    expect(droppedFeatures(endpoint(false), strict)).toEqual([]);
    const lax = aQuestionNeeding({ tools: true, features: ['tools'] });
    expect(droppedFeatures(aTarget({ capabilities: { jsonSchema: false } }), lax)).toEqual([]);
  });

  it.each(['strict-tools', 'prompt-caching'] as const)(
    'is %s while its refusal is believed, which takes no target out',
    (feature) => {
      const needing = aQuestionNeeding({ tools: true, features: ['tools', feature] });
      const asked = (until: number) => ({ ...needing, ...heard(model, feature, until) });
      expect(droppedFeatures(model, asked(later))).toEqual([feature]);
      expect(droppedFeatures(model, asked(needing.at))).toEqual([]);
      expect(refusedFeatures(model, asked(later))).toEqual([]);
    },
  );

  it('is nothing that an answer needs, and nothing of texts for vectors', () => {
    const needing = aQuestionNeeding({ tools: true, features: ['tools'] });
    expect(droppedFeatures(model, { ...needing, ...heard(model, 'tools', later) })).toEqual([]);
    expect(droppedFeatures(model, { ...strict, needs: { work: 'embedding' } as never })).toEqual([]);
  });
});
