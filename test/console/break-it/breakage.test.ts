import { describe, expect, it } from 'vitest';
import {
  darkRegion,
  deadTable,
  describeRule,
  type FaultRule,
  isSameRule,
  slowModel,
  throttledPool,
} from '../../../console/break-it/breakage.ts';

const pool = { account: '222222222222', region: 'eu-west-1', target: 'eu.amazon.nova-lite-v1:0' };
const model = { service: 'bedrock-runtime', name: 'amazon.nova-lite-v1:0' } as const;
const endpoint = { service: 'sagemaker-runtime', name: 'chat-small' } as const;

describe('a rule in words', () => {
  it.each<[FaultRule, string, string]>([
    [darkRegion('eu-central-1'), 'eu-central-1 is dark', 'No AWS service'],
    [throttledPool(pool), 'eu.amazon.nova-lite-v1:0 is throttled in eu-west-1', '429'],
    [slowModel(model, 5_000), 'amazon.nova-lite-v1:0 is slow', 'Every call takes 5 s longer.'],
    [slowModel(endpoint, 250), 'chat-small is slow', 'Every call takes 250 ms longer.'],
    [deadTable, 'The table is dead', 'last good copies'],
    [{ kind: 'hang' }, 'hang on every call', 'not made on this page'],
    [
      { service: 'bedrock', operation: 'ListFoundationModels', kind: 'empty' },
      'empty on bedrock, ListFoundationModels',
      'not made on this page',
    ],
    // Less than a dark region.
    [
      { service: 'dynamodb', region: 'eu-west-1', kind: 'refuse' },
      'refuse on dynamodb, eu-west-1',
      'not made',
    ],
  ])('%o', (rule, title, effect) => {
    expect(describeRule(rule).title).toBe(title);
    expect(describeRule(rule).effect).toContain(effect);
  });
});

it('knows a rule again whatever the order of its fields', () => {
  expect(isSameRule({ kind: 'refuse', region: 'eu-central-1' }, darkRegion('eu-central-1'))).toBe(true);
  expect(isSameRule(darkRegion('eu-west-1'), darkRegion('eu-central-1'))).toBe(false);
});

it('slows a model through its profiles too, and an endpoint by its name alone', () => {
  expect(slowModel(model, 1_000)).toMatchObject({
    service: 'bedrock-runtime',
    target: '*amazon.nova-lite-v1:0',
  });
  expect(slowModel(endpoint, 1_000)).toMatchObject({ service: 'sagemaker-runtime', target: 'chat-small' });
});
