import { describe, expect, it } from 'vitest';
import { aGateway, configWithoutBaseline } from '#test/builders/a-gateway.ts';

const never = () => new Promise<never>(() => undefined);
const silent = { load: never, save: async () => undefined };

/** Neither the table nor what outlived the last process ever answers. */
function withoutStores(config = configWithoutBaseline()) {
  const { routes } = aGateway();
  return aGateway({
    config,
    leap: false,
    overrides: { lastGood: silent, routes: { ...routes, loadAll: never } },
  });
}

describe('readiness', () => {
  it('needs no table where every pair has a baseline', () => {
    const { gateway } = aGateway({ leap: false, overrides: { lastGood: silent } });
    expect(gateway.isReady()).toEqual({ ready: true, missing: [] });
  });

  it('names the pairs that nothing can decide yet, and none that this gateway may not serve', async () => {
    const { gateway, get } = withoutStores();
    expect(gateway.isReady().missing).toContain('chat-small/us');
    expect(gateway.isReady().missing).not.toContain('chat-small/eu');
    expect((await get('/readyz')).status).toBe(503);
  });

  it('comes after a quarter of a second even when nothing answers', async () => {
    const { gateway, clock, get } = withoutStores();
    const start = gateway.start();
    await new Promise(setImmediate);
    expect(gateway.isReady().ready).toBe(false);
    clock.advance(250);
    await start;
    gateway.stop();
    expect(gateway.isReady()).toEqual({ ready: true, missing: [] });
    expect((await get('/readyz')).status).toBe(200);
  });

  it('is apart from being alive', async () => {
    const { get } = withoutStores();
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
  });
});
