import { describe, expect, it } from 'vitest';
import { aKey, apiKeyOf } from '#test/builders/a-key.ts';
import { aKeyWorld } from '#test/builders/a-key-world.ts';

const { key } = apiKeyOf(0);

describe('the snapshot of keys', () => {
  it.each(['fails', 'hangs'] as const)(
    'comes from what outlived the last process when the table %s, and the start takes 250 ms at most',
    async (mood) => {
      const { directory, clock } = aKeyWorld({ lastGood: { savedAt: 0, keys: [aKey()] }, mood });
      const startedMs = clock.monotonicMs();
      await directory.start();
      expect(clock.monotonicMs() - startedMs).toBeLessThanOrEqual(250);
      directory.stop();
      expect(await directory.identify(key)).toMatchObject({ name: 'demo' });
    },
  );

  it('is the table’s where that was read, whatever outlived the last process', async () => {
    const { directory } = aKeyWorld({ lastGood: { savedAt: 0, keys: [aKey()] }, keys: [] });
    await directory.start();
    directory.stop();
    expect(await directory.identify(key)).toBe('unknown');
  });

  it('is kept for the next process when it changes, and only then', async () => {
    const { directory, lastGood, store, clock } = aKeyWorld({ keys: [aKey()] });
    await directory.start();
    directory.stop();
    const first = await lastGood.load();
    expect(first?.keys).toEqual([aKey()]);
    clock.advance(1_000);
    await directory.refresh();
    expect(await lastGood.load()).toEqual(first);
    await store.save(aKey({ revokedAt: '2026-11-21T08:00:00.000Z' }), aKey());
    await directory.refresh();
    expect((await lastGood.load())?.keys).toMatchObject([{ revokedAt: '2026-11-21T08:00:00.000Z' }]);
    expect(JSON.stringify(await lastGood.load())).not.toContain(key);
  });

  it('is read in the background every five seconds', async () => {
    const { directory, table, clock } = aKeyWorld();
    await directory.start();
    await expect.poll(() => clock.now() > 0 && table.reads).toBeGreaterThan(3);
    directory.stop();
  });

  it('is read whole once a minute, and in between for what changed within clocks that differ by an hour', async () => {
    const { directory, table, clock, store } = aKeyWorld({ keys: [aKey()] });
    await directory.start();
    directory.stop();
    const skewed = aKey({ number: 1, slot: 2, changedAt: '2026-11-21T07:00:10.000Z' });
    await store.save(skewed, undefined);
    await directory.refresh();
    expect(await directory.identify(apiKeyOf(1).key)).toMatchObject({ name: 'demo' });
    const edited = aKey({ number: 2, label: 'by-hand', changedAt: '2026-01-01T00:00:00.000Z' });
    await store.save(edited, undefined);
    await directory.refresh();
    expect(await directory.identify(apiKeyOf(2).key)).toBe('unknown');
    expect(table.wholeReads).toBe(1);
    clock.advance(60_000);
    await directory.refresh();
    expect(table.wholeReads).toBe(2);
    for (const number of [0, 1, 2])
      expect(await directory.identify(apiKeyOf(number).key)).toMatchObject({ name: 'demo' });
  });

  it('is read anew, for a moment at most, by a process that was frozen', async () => {
    const world = aKeyWorld({ keys: [aKey()] });
    await world.directory.start();
    world.directory.stop();
    await world.store.save(aKey({ revokedAt: '2026-11-21T08:00:00.000Z' }), aKey());
    world.clock.advance(60_000);
    expect(await world.directory.identify(key)).toBe('unknown');
    const slow = aKeyWorld({ keys: [aKey()] });
    await slow.directory.start();
    slow.directory.stop();
    slow.table.mood = 'hangs';
    slow.clock.advance(60_000);
    const askedMs = slow.clock.monotonicMs();
    expect(await slow.directory.identify(key)).toMatchObject({ name: 'demo' });
    expect(slow.clock.monotonicMs() - askedMs).toBeLessThanOrEqual(100);
  });

  it('serves known keys however old it is, and tells operators when it is a quarter of an hour', async () => {
    const { directory, table, clock, lines, events } = aKeyWorld({ keys: [aKey()] });
    await directory.start();
    directory.stop();
    table.mood = 'fails';
    for (let minute = 0; minute < 60; minute += 1) {
      clock.advance(60_000);
      await directory.refresh();
    }
    expect(await directory.identify(key)).toMatchObject({ name: 'demo' });
    expect(lines.map(({ event }) => event)).toEqual(['keys-refresh-failed', 'keys-stale']);
    expect(events.filter((event) => event === 'refresh-failed').length).toBeGreaterThan(50);
  });

  it('names bad items once, by their place, and counts them at each read', async () => {
    const { directory, lines, events } = aKeyWorld({ bad: ['demo/ci/1'] });
    await directory.start();
    directory.stop();
    await directory.refresh();
    await directory.refresh();
    expect(lines).toEqual([
      {
        level: 'error',
        event: 'bad-key-items',
        facts: { count: 1, items: ['demo/ci/1: not of the shape of a key'] },
      },
    ]);
    expect(events).toEqual(['bad-key-item', 'bad-key-item', 'bad-key-item']);
  });
});
