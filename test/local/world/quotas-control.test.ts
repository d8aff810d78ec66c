import { beforeEach, describe, expect, it } from 'vitest';
import { loadWorldFacts } from '#local/world/load-world-facts.ts';
import { quotasControl } from '#local/world/quotas-control.ts';
import { createWorld, type World } from '#local/world/world.ts';

const facts = loadWorldFacts();
const lite = 'amazon.nova-lite-v1:0';
const place = { account: '111111111111', region: 'us-east-1', scope: 'on-demand', modelId: lite } as const;
const entry = { region: 'us-east-1', modelId: lite, scope: 'on-demand' };
let world: World;

const call = (method: string, body?: unknown) =>
  quotasControl(world.quotas).methods[method]?.(body, new URLSearchParams());

beforeEach(() => {
  world = createWorld(facts);
});

describe('/_local/quotas', () => {
  it('changes the values of one account over those of all accounts, value by value', () => {
    const before = world.quotas.values(place);
    expect(before.tokensPerMinute).toBeGreaterThan(0);
    call('PATCH', [
      { ...entry, tokensPerMinute: 7, requestsPerMinute: 3 },
      { ...entry, account: place.account, tokensPerMinute: 0 },
    ]);
    expect(world.quotas.values(place)).toEqual({ tokensPerMinute: 0, requestsPerMinute: 3 });
    expect(world.quotas.values({ ...place, account: '222222222222' }).tokensPerMinute).toBe(7);
    expect(world.quotas.values({ ...place, scope: 'cross-region' }).tokensPerMinute).toBeGreaterThan(7);
    expect(call('GET')).toHaveLength(2);
    expect(call('DELETE')).toEqual([]);
    expect(world.quotas.values(place)).toEqual(before);
  });

  it('refuses what it does not know, says all that is wrong and changes nothing', () => {
    const wrong = [
      { ...entry, scope: 'geo', tokensPerMinute: -1 },
      { region: 'us-east-1', scope: 'global', tokensPerHour: 0 },
      entry,
    ];
    let message = '';
    try {
      call('PATCH', wrong);
    } catch (error) {
      message = String(error);
    }
    for (const path of ['[0].scope', '[0].tokensPerMinute', '[1].modelId', '[1].tokensPerHour']) {
      expect(message).toContain(path);
    }
    expect(() => call('PATCH', entry)).toThrow(
      'one of tokensPerMinute, requestsPerMinute, tokensPerDay is required',
    );
    expect(call('GET')).toEqual([]);
  });
});
