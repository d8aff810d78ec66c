import { describe, expect, it } from 'vitest';
import { createMemoryLastGoodKeySets } from '#adapters/memory/memory-last-good-key-sets.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import { createKeySets } from '#usecases/gateway/key-sets.ts';
import type { KeySet } from '#usecases/ports/token-verifier.ts';

const url = 'https://login.example.com/keys';
const first: KeySet = { keys: [{ kty: 'EC', kid: '1' }] };
const second: KeySet = { keys: [{ kty: 'EC', kid: '2' }] };

function world(options: { readonly kept?: KeySet; readonly mood?: 'answers' | 'fails' | 'hangs' } = {}) {
  const clock = createVirtualClock(Date.UTC(2026, 10, 21, 8));
  const issuer = { mood: options.mood ?? 'answers', keySet: first, loads: 0 };
  const lines: string[] = [];
  const lastGood = createMemoryLastGoodKeySets(
    options.kept === undefined ? undefined : new Map([[url, options.kept]]),
  );
  const load = async () => {
    issuer.loads += 1;
    if (issuer.mood === 'fails') throw new Error('down');
    return issuer.mood === 'hangs' ? new Promise<never>(() => undefined) : issuer.keySet;
  };
  const log = { write: (_level: string, event: string) => void lines.push(event) };
  return {
    clock,
    issuer,
    lines,
    lastGood,
    sets: createKeySets({ source: { load }, lastGood, clock, log }, [url]),
  };
}

describe('the key sets of issuers', () => {
  it('are loaded at the start and kept for the next process', async () => {
    const { sets, lastGood } = world();
    await sets.start();
    expect(sets.current(url)).toEqual(first);
    expect(sets.isSure(url)).toBe(true);
    await expect.poll(async () => (await lastGood.load())?.get(url)).toEqual(first);
  });

  it.each(['fails', 'hangs'] as const)(
    'come from what outlived the last process when the issuer %s, and the start takes 250 ms at most',
    async (mood) => {
      const { sets, clock } = world({ kept: first, mood });
      const startedMs = clock.monotonicMs();
      await sets.start();
      expect(clock.monotonicMs() - startedMs).toBeLessThanOrEqual(250);
      expect(sets.current(url)).toEqual(first);
      expect(sets.isSure(url)).toBe(false);
    },
  );

  it('go on being used when they are old and the issuer is away, and are loaded anew beside that', async () => {
    const { sets, clock, issuer, lines } = world();
    await sets.start();
    issuer.mood = 'fails';
    clock.advance(86_400_000);
    expect(sets.current(url)).toEqual(first);
    await expect.poll(() => issuer.loads).toBe(2);
    expect(sets.isSure(url)).toBe(false);
    expect(lines).toEqual(['key-set-load-failed']);
    issuer.mood = 'answers';
    issuer.keySet = second;
    clock.advance(600_001);
    sets.current(url);
    await expect.poll(() => sets.current(url)).toEqual(second);
  });

  it('are loaded again for an unknown key, but not for every stranger', async () => {
    const { sets, clock, issuer } = world();
    await sets.start();
    issuer.keySet = second;
    expect(await sets.reload(url)).toEqual(first);
    clock.advance(30_000);
    const both = await Promise.all([sets.reload(url), sets.reload(url)]);
    expect(both).toEqual([second, second]);
    expect(issuer.loads).toBe(2);
  });

  it('let a request wait a second at most', async () => {
    const { sets, clock } = world({ mood: 'hangs' });
    const askedMs = clock.monotonicMs();
    expect(await sets.reload(url)).toBeUndefined();
    expect(clock.monotonicMs() - askedMs).toBeLessThanOrEqual(1_000);
  });
});
