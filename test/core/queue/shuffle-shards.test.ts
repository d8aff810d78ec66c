import { describe, expect, it } from 'vitest';
import { allShardsHitShare, shardsOf, usualDealing } from '#core/queue/shuffle-shards.ts';

describe('a hand of shards', () => {
  it('is dealt without repeats, the same on every machine', () => {
    expect(shardsOf('acme', usualDealing)).toMatchInlineSnapshot(`
      [
        39,
        30,
        3,
        41,
        26,
        37,
        24,
        43,
      ]
    `);
    for (let tenant = 0; tenant < 500; tenant += 1) {
      const hand = shardsOf(`tenant-${tenant}`, usualDealing);
      expect(new Set(hand).size).toBe(8);
      expect(Math.min(...hand)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...hand)).toBeLessThan(64);
    }
  });

  it('takes every shard as often as any other', () => {
    const dealt = Array.from({ length: 64 }, () => 0);
    for (let tenant = 0; tenant < 8000; tenant += 1)
      for (const shard of shardsOf(`tenant-${tenant}`, usualDealing)) dealt[shard] = (dealt[shard] ?? 0) + 1;
    // 1,000 each, with a standard deviation of 30.
    for (const times of dealt) expect(Math.abs(times - 1000)).toBeLessThan(130);
  });
});

describe('the chance that other tenants hold every shard of one', () => {
  // As published for the same dealing: kubernetes.io, API Priority and Fairness, "Example Shuffle Sharding Configurations".
  it.each([
    [12, 32, 4.428838398950118e-9, 0.11431348830099144, 0.9935089607656024],
    [10, 32, 1.550093439632541e-8, 0.0626479840223545, 0.9753101519027554],
    [10, 64, 6.601827268370426e-12, 0.00045571320990370776, 0.49999929150089345],
    [9, 64, 3.6310049976037345e-11, 0.00045501212304112273, 0.4282314876454858],
    [8, 64, 2.25929199850899e-10, 0.0004886697053040446, 0.35935114681123076],
    [8, 128, 6.994461389026097e-13, 3.4055790161620863e-6, 0.02746173137155063],
    [7, 128, 1.0579122850901972e-11, 6.960839379258192e-6, 0.02406157386340147],
    [7, 256, 7.597695465552631e-14, 6.728547142019406e-8, 0.0006709661542533682],
    [6, 256, 2.7134626662687968e-12, 2.9516464018476436e-7, 0.0008895654642000348],
    [6, 512, 4.116062922897309e-14, 4.982983350480894e-9, 2.26025764343413e-5],
    [6, 1024, 6.337324016514285e-16, 8.09060164312957e-11, 4.517408062903668e-7],
  ])('with %i of %i shards is what Kubernetes publishes', (hand, shards, one, four, sixteen) => {
    const published = [one, four, sixteen];
    [1, 4, 16].forEach((others, index) => {
      const share = allShardsHitShare({ hand, shards }, others);
      expect(Math.abs(share / (published[index] ?? 0) - 1)).toBeLessThan(1e-6);
    });
  });

  it('is what the hands that are dealt come to', () => {
    const dealing = { shards: 16, hand: 4 };
    let hit = 0;
    const worlds = 4000;
    for (let world = 0; world < worlds; world += 1) {
      const others = [1, 2, 3, 4].flatMap((other) => shardsOf(`${world}-${other}`, dealing));
      if (shardsOf(`${world}-own`, dealing).every((shard) => others.includes(shard))) hit += 1;
    }
    const share = allShardsHitShare(dealing, 4);
    const error = Math.sqrt((share * (1 - share)) / worlds);
    expect(Math.abs(hit / worlds - share)).toBeLessThan(4 * error);
    expect(allShardsHitShare({ shards: 1, hand: 1 }, 1)).toBe(1);
  });
});
