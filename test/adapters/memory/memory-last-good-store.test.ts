import { describe, expect, it } from 'vitest';
import { createMemoryLastGoodStore } from '#adapters/memory/memory-last-good-store.ts';
import { sealedRoute } from '#test/builders/route.ts';

describe('the last good routes in memory', () => {
  it('are what was saved last', async () => {
    const store = createMemoryLastGoodStore();
    expect(await store.load()).toBeUndefined();
    const lastGood = { savedAt: 1, routes: [sealedRoute()] };
    await store.save(lastGood);
    expect(await store.load()).toEqual(lastGood);
  });
});
