import { describe, expect, it } from 'vitest';
import { createMemoryControlStore, createMemoryControls } from '#adapters/memory/memory-control-store.ts';
import { createMemoryOperatorStore } from '#adapters/memory/memory-operator-store.ts';
import { createMemoryRouteStore } from '#adapters/memory/memory-route-store.ts';
import { sealedRoute } from '#test/builders/routes.ts';
import { confirmHolds, confirmWords } from '#usecases/operate/confirm-controls.ts';

const until = '2026-11-22T08:00:00.000Z';
const later = '2026-11-22T09:00:00.000Z';
const word = { target: 'a', by: 'ada', reason: 'r', until };
const hold = { model: 'chat', residency: 'us', by: 'ada', reason: 'r', until };
const region = 'us-east-1';

function world() {
  const words = createMemoryOperatorStore(region);
  const routes = createMemoryRouteStore(region);
  const controls = createMemoryControlStore(region, createMemoryControls());
  const away = () => Promise.reject(new Error('two regions are gone'));
  const broken = { ...controls, saveDisabled: away, saveHold: away };
  return { words, routes, controls, broken };
}

describe('words that the strongly consistent set confirms', () => {
  it('stand in both tables, and are read once', async () => {
    const { words, controls } = world();
    const confirmed = confirmWords(words, controls);
    await confirmed.saveDisabled(word);
    expect(await words.loadDisabled()).toEqual([{ ...word, region }]);
    expect(await controls.loadDisabled()).toEqual([{ ...word, region }]);
    expect(await confirmed.loadDisabled()).toEqual([{ ...word, region }]);
  });

  it('are not confirmed where the set is away, though the routing table has them', async () => {
    const { words, broken } = world();
    await expect(confirmWords(words, broken).saveDisabled(word)).rejects.toMatchObject({
      code: 'control_unconfirmed',
      message: expect.stringContaining('the routing table of us-east-1 has it'),
    });
    expect(await words.loadDisabled()).toHaveLength(1);
  });

  it('are not said at all where the routing table takes none', async () => {
    const { words, controls } = world();
    const deaf = { ...words, saveDisabled: () => Promise.reject(new Error('down')) };
    await expect(confirmWords(deaf, controls).saveDisabled(word)).rejects.toThrow('down');
    expect(await controls.loadDisabled()).toEqual([]);
  });

  it('end when both copies have ended', async () => {
    const { words, controls, broken } = world();
    await confirmWords(words, controls).saveDisabled({ ...word, until: later });
    await expect(confirmWords(words, broken).saveDisabled(word)).rejects.toThrow();
    expect(await confirmWords(words, controls).loadDisabled()).toMatchObject([{ until: later }]);
    await confirmWords(words, controls).saveDisabled(word);
    expect(await confirmWords(words, controls).loadDisabled()).toMatchObject([{ until }]);
  });

  it('leave the audit where it is', async () => {
    const { words, broken } = world();
    const entry = { id: '1', at: until, by: 'ada', operation: 'disable', order: {} };
    await confirmWords(words, broken).appendAudit(entry);
    expect(words.audit).toEqual([entry]);
  });
});

describe('holds that the strongly consistent set confirms', () => {
  it('stand in both tables until they are lifted from both', async () => {
    const { routes, controls, broken } = world();
    const confirmed = confirmHolds(routes, controls);
    await confirmed.saveHold(hold);
    expect([await routes.loadHolds(), await controls.loadHolds()]).toEqual([
      [{ ...hold, region }],
      [{ ...hold, region }],
    ]);
    const over = { ...hold, until: '2026-08-21T00:00:00.000Z' };
    await expect(confirmHolds(routes, broken).saveHold(over)).rejects.toMatchObject({
      code: 'control_unconfirmed',
    });
    // One of the copies says that it stands: until that is taken back too, it does.
    expect(await confirmed.loadHolds()).toEqual([{ ...hold, region }]);
    await confirmed.saveHold(over);
    expect(await confirmed.loadHolds()).toEqual([{ ...over, region }]);
  });

  it('change nothing of routes and signals', async () => {
    const { routes, broken } = world();
    const confirmed = confirmHolds(routes, broken);
    const signal = { target: 'a', gatewayRegion: region, outcome: 'denied', at: 1 };
    expect(await confirmed.publish(sealedRoute(1))).toBe(true);
    await confirmed.saveSignal(signal);
    expect(await confirmed.load('chat', 'us')).toEqual(sealedRoute(1));
    expect((await confirmed.loadAll()).routes).toEqual([sealedRoute(1)]);
    expect(await confirmed.loadHistory('chat', 'us')).toHaveLength(1);
    expect(await confirmed.loadSignals()).toEqual([signal]);
  });
});
