import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createDiscoverHandler, type DiscoverRuntime } from '#lambdas/discover/handler.ts';

const own = { account: '111111111111', region: 'us-east-1' };
const context = {} as Context;

function open(kind: 'changed' | 'not-stored' = 'changed') {
  const places: unknown[] = [];
  let starts = 0;
  const handler = createDiscoverHandler((): DiscoverRuntime => {
    starts += 1;
    return {
      own,
      discover: async (place) => {
        places.push(place);
        return {
          ...place,
          kind,
          observations: undefined,
          changes: [],
          failures: ['a part'],
          durationMs: 1.6,
        };
      },
    };
  });
  return { invoke: (event: unknown) => handler(event, context), places, starts: () => starts };
}

describe('the discover function', () => {
  it('starts with the first event, once, and discovers its own place', async () => {
    const { invoke, places, starts } = open();
    expect(starts()).toBe(0);
    expect(await invoke({})).toEqual({
      ...own,
      kind: 'changed',
      targets: 0,
      changes: 0,
      failures: ['a part'],
      durationMs: 2,
    });
    await invoke(undefined);
    expect([starts(), places]).toEqual([1, [own, own]]);
  });

  it('discovers the place that the event names', async () => {
    const { invoke, places } = open();
    await invoke({ region: 'eu-west-1', account: '222222222222', source: 'aws.scheduler' });
    expect(places).toEqual([{ account: '222222222222', region: 'eu-west-1' }]);
  });

  it('fails where nothing was stored, so that its alarm sees it', async () => {
    await expect(open('not-stored').invoke({})).rejects.toMatchObject({ code: 'upstream_unavailable' });
  });

  it('refuses an event that it does not understand', async () => {
    const { invoke, places } = open();
    await expect(invoke({ account: 5 })).rejects.toMatchObject({ code: 'invalid_event' });
    expect(places).toEqual([]);
  });
});
