import { expect, it } from 'vitest';
import { modelOptionsOf } from '#core/wire/openai/model-options.ts';

const nothing = { serviceTier: undefined, effort: undefined, singleToolCall: false };

it('asks only for what was asked for: a request is bound to no target without need', () => {
  expect(modelOptionsOf(nothing)).toEqual({});
  expect(modelOptionsOf({ ...nothing, serviceTier: 'auto', effort: null })).toEqual({});
  expect(modelOptionsOf({ ...nothing, serviceTier: 'default' })).toEqual({});
  expect(modelOptionsOf({ ...nothing, serviceTier: 'flex', effort: 'high' })).toEqual({
    bedrock: { serviceTier: 'flex', effort: 'high' },
  });
  expect(modelOptionsOf({ ...nothing, singleToolCall: true })).toEqual({
    anthropic: { singleToolCall: true },
  });
});
