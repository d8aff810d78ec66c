import { describe, expect, it } from 'vitest';
import { gatewayStart } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget } from '#test/builders/a-target.ts';
import { anObservation } from '#test/builders/an-observation.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { availabilityOf } from '#usecases/gateway/show-availability-targets.ts';

const example = acmeConfig();
const small = example.models['chat-small'];
if (small === undefined) throw new Error('the example has chat-small');
const twin = { ...small, dedicated: [] };
const config = { ...example, models: { ...example.models, 'chat-twin': twin } };
const clock = createVirtualClock(gatewayStart);
const [own] = small.dedicated;
if (own === undefined) throw new Error('chat-small has an endpoint');
const place = { account: own.account, region: own.region };
const endpoint = anObservation({ ...aDedicatedTarget({ ...place, endpoint: own.endpoint }), state: 'warm' });
const regions = [{ ...place, at: gatewayStart, failures: [], targets: [anObservation(), endpoint] }];
const denials = new Map();

const labels = (model: string, visible = Object.keys(config.models)) =>
  availabilityOf({ config, clock }, { regions, denials }, { model, visible: new Set(visible) }).targets.map(
    ({ model, modelId, endpoint }) => [model, modelId ?? endpoint],
  );

describe('what a model is shown with', () => {
  it('is what its own candidates and endpoints name, under the name that was asked for', () => {
    expect(labels('chat-twin')).toEqual([['chat-twin', 'amazon.nova-lite-v1:0']]);
    expect(labels('chat-small')).toEqual([
      ['chat-small', 'amazon.nova-lite-v1:0'],
      ['chat-small', own.endpoint],
    ]);
  });

  it('is nothing where the caller may not use the model', () => {
    expect(labels('chat-twin', ['chat-small'])).toEqual([]);
  });
});

describe('an empty answer', () => {
  const empty = { regions: [], denials };
  const all = { model: undefined, visible: new Set<string>() };

  it('is stale where a report is missing, and not where nobody was to look', () => {
    expect(availabilityOf({ config, clock }, empty, all).stale).toBe(true);
    expect(availabilityOf({ config, clock }, { ...empty, configured: false }, all).stale).toBe(false);
  });
});
