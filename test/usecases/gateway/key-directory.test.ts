import { describe, expect, it } from 'vitest';
import { createHmacKeyHasher } from '#adapters/system/hmac-key-hasher.ts';
import { aKey, apiKeyOf, pepperOfTests, testHasher } from '#test/builders/a-key.ts';
import { aKeyWorld, keyWorldStart } from '#test/builders/a-key-world.ts';

const { key, keyId } = apiKeyOf(0);
const isoAfter = (milliseconds: number) => new Date(keyWorldStart + milliseconds).toISOString();

async function started(options: Parameters<typeof aKeyWorld>[0] = {}) {
  const world = aKeyWorld(options);
  await world.directory.start();
  world.directory.stop();
  return world;
}

describe('a key of the table', () => {
  it('opens its tenant, and says which key it was', async () => {
    const { directory } = await started({ keys: [aKey()] });
    expect(await directory.identify(key)).toEqual({
      name: 'demo',
      credential: { kind: 'key', keyId, label: 'ci' },
      residencies: ['us', 'eu'],
      defaultResidency: 'us',
      models: ['*'],
    });
  });

  it('is held to its scopes, which widen nothing', async () => {
    const { directory } = await started({
      keys: [aKey({ residencies: ['eu', 'japan'], models: ['chat-small'] })],
    });
    expect(await directory.identify(key)).toEqual({
      name: 'demo',
      credential: { kind: 'key', keyId, label: 'ci' },
      residencies: ['eu'],
      models: ['chat-small'],
    });
  });

  it('opens nothing after its end, by the clock and not by the table', async () => {
    const { directory, clock, table } = await started({ keys: [aKey({ expiresAt: isoAfter(60_000) })] });
    table.mood = 'fails';
    clock.advance(59_000);
    expect(await directory.identify(key)).toMatchObject({ name: 'demo' });
    clock.advance(1_000);
    expect(await directory.identify(key)).toBe('unknown');
  });

  it('opens nothing once it is revoked, as soon as the table was read again', async () => {
    const { directory, store } = await started({ keys: [aKey()] });
    await store.save(aKey({ revokedAt: isoAfter(0) }), aKey());
    expect(await directory.identify(key)).toMatchObject({ name: 'demo' });
    await directory.refresh();
    expect(await directory.identify(key)).toBe('unknown');
  });

  it('that is revoked stays so when a replica that lags shows it open again, and when the table is away', async () => {
    const { directory, store, table } = await started({ keys: [aKey({ revokedAt: isoAfter(0) })] });
    await store.save(aKey({ changedAt: isoAfter(0) }), aKey({ revokedAt: isoAfter(0) }));
    await directory.refresh();
    expect(await directory.identify(key)).toBe('unknown');
    table.mood = 'fails';
    expect(await directory.identify(key)).toBe('unknown');
  });

  it('is not known by its id alone', async () => {
    const { directory } = await started({ keys: [aKey({ hash: aKey({ number: 1 }).hash })] });
    expect(await directory.identify(key)).toBe('unknown');
  });

  it('of a tenant that is not configured opens nothing, and operators are told', async () => {
    const { directory, lines, events } = await started({ keys: [aKey({ tenant: 'constructor' })] });
    expect(await directory.identify(key)).toBe('unknown');
    expect(events).toEqual(['bad-key-item']);
    expect(lines).toMatchObject([
      {
        level: 'error',
        event: 'bad-key-items',
        facts: { items: ['constructor/ci/1: no tenant of the configuration'] },
      },
    ]);
  });

  it('made with another pepper cannot be checked, and operators are told', async () => {
    const other = createHmacKeyHasher('another pepper');
    const { directory, lines } = await started({
      keys: [aKey({ pepperId: other.pepperId, hash: other.hash(key) })],
    });
    expect(await directory.identify(key)).toBe('unavailable');
    expect(JSON.stringify(lines)).toContain('made with another pepper');
  });

  it('works a moment after it was made, without waiting for the next round', async () => {
    const { directory, store, clock } = await started();
    await store.save(aKey({ changedAt: isoAfter(0) }), undefined);
    clock.advance(2_001);
    expect(await directory.identify(key)).toMatchObject({ name: 'demo' });
  });
});

describe('a key that nobody has', () => {
  it.each([
    key.slice(0, -1),
    `${key}0`,
    key.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    'sk-spillway-',
  ])('by its form is refused without a look-up, also when the table is away: %s', async (text) => {
    const { directory, table } = aKeyWorld({ keys: [aKey()], mood: 'hangs' });
    expect(await directory.identify(text)).toBe('unknown');
    expect(table.reads).toBe(0);
  });

  it('is unknown where the table was read, and cannot be judged where it never was', async () => {
    const lit = await started();
    const dark = await started({ mood: 'fails' });
    for (const text of [key, 'sk-of-another-form']) {
      expect(await lit.directory.identify(text)).toBe('unknown');
      expect(await dark.directory.identify(text)).toBe('unavailable');
    }
  });

  it.each(['fails', 'hangs'] as const)('cannot be judged long after the table %s', async (mood) => {
    const { directory, table, clock } = await started({ keys: [aKey({ number: 1 })] });
    table.mood = mood;
    clock.advance(16_000);
    expect(await directory.identify(key)).toBe('unavailable');
    expect(await directory.identify(apiKeyOf(1).key)).toMatchObject({ name: 'demo' });
  });

  it('made with the pepper before the present one still opens its tenant while both are known', async () => {
    const hasher = createHmacKeyHasher('the pepper that follows, long enough too', pepperOfTests);
    const { key: newKey } = apiKeyOf(1);
    const made = aKey({ number: 1, slot: 2, hash: hasher.hash(newKey), pepperId: hasher.pepperId });
    const { directory, lines } = await started({ keys: [aKey(), made], hasher });
    expect(await directory.identify(key)).toMatchObject({ name: 'demo' });
    expect(await directory.identify(newKey)).toMatchObject({ name: 'demo' });
    expect(lines).toEqual([]);
  });

  it('takes the same constant-time comparison, whether its id is known or not', async () => {
    const compared: string[] = [];
    const { directory } = await started({
      keys: [aKey({ hash: aKey({ number: 1 }).hash })],
      hasher: {
        ...testHasher,
        matches: (text, known) => {
          compared.push(known.hash);
          return testHasher.matches(text, known);
        },
      },
    });
    await directory.identify(key);
    const known = compared.splice(0).length;
    await directory.identify(apiKeyOf(2).key);
    expect(compared).toHaveLength(known);
    expect(new Set(compared)).toEqual(new Set(['0'.repeat(64)]));
  });

  it('has the table read once in a while and not for every stranger', async () => {
    const { directory, table } = await started();
    for (let count = 0; count < 50; count += 1) await directory.identify(key);
    expect(table.reads).toBe(1);
  });

  it('that was made a moment ago opens its tenant half a second after the last read', async () => {
    const { directory, store, clock } = await started();
    await store.save(aKey({ changedAt: isoAfter(0) }), undefined);
    clock.advance(501);
    expect(await directory.identify(key)).toMatchObject({ name: 'demo' });
  });
});

describe('a key of the configuration', () => {
  it('is asked for first', async () => {
    const local = { name: 'local', residencies: ['us'], models: ['*'] };
    const identify = (text: string) => (text === 'sk-local' ? local : ('unknown' as const));
    const { directory } = await started({ configured: { identify }, mood: 'fails' });
    expect(await directory.identify('sk-local')).toBe(local);
  });
});
