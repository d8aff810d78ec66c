import { expect, it } from 'vitest';
import type { Availability } from '#contract/http.ts';
import { choicesOf } from '../../../console/break-it/choices.ts';

type Target = Availability['targets'][number];

function target(changes: Partial<Target> & Pick<Target, 'id' | 'region'>): Target {
  return {
    account: '111111111111',
    model: 'chat',
    modelId: 'amazon.nova-lite-v1:0',
    scope: 'in-region',
    state: 'available',
    reasons: [],
    hint: { who: 'nobody', text: '' },
    reach: [],
    since: '2026-01-01T00:00:00Z',
    stale: false,
    ...changes,
  };
}

const availability: Availability = {
  asOf: '2026-01-01T00:00:00Z',
  stale: false,
  targets: [
    target({ id: '111111111111/us-west-2/us.amazon.nova-lite-v1:0', region: 'us-west-2', scope: 'geo' }),
    target({ id: '111111111111/us-east-1/amazon.nova-lite-v1:0', region: 'us-east-1' }),
    target({ id: '111111111111/us-east-2/x', region: 'us-east-2', state: 'not-offered' }),
    { ...target({ id: '111111111111/us-east-1/other', region: 'us-east-1' }), model: undefined },
    target({
      id: '111111111111/us-east-1/chat-small',
      region: 'us-east-1',
      modelId: undefined,
      endpoint: 'chat-small',
      scope: 'dedicated',
      state: 'warm',
    }),
  ],
};

it('offers what takes part in a route and can be called', () => {
  expect(choicesOf(availability, ['eu-west-1'])).toEqual({
    regions: ['eu-west-1', 'us-east-1', 'us-west-2'],
    pools: [
      { account: '111111111111', region: 'us-east-1', target: 'amazon.nova-lite-v1:0' },
      { account: '111111111111', region: 'us-west-2', target: 'us.amazon.nova-lite-v1:0' },
    ],
    models: [
      { service: 'bedrock-runtime', name: 'amazon.nova-lite-v1:0' },
      { service: 'sagemaker-runtime', name: 'chat-small' },
    ],
  });
});

it('still offers the regions of gateways where the table cannot be read', () => {
  expect(choicesOf(undefined, ['us-east-1', 'eu-west-1'])).toEqual({
    regions: ['eu-west-1', 'us-east-1'],
    pools: [],
    models: [],
  });
});
