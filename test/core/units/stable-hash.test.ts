import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rendezvousWeight, rendezvousWeights, stableHash, stableHashes } from '#core/units/stable-hash.ts';

describe('the stable hash', () => {
  it('never changes its values', () => {
    expect(['', 'a', 'eu-central-1', 'Zürich'].map(stableHash)).toMatchInlineSnapshot(`
      [
        2872998923,
        2448022055,
        2431387700,
        1588917516,
      ]
    `);
  });

  it('is FNV-1a of two bytes for each unit, with a finishing mix', () => {
    const fnv = (text: string): number => {
      let hash = 0x811c9dc5;
      for (const unit of Array.from({ length: text.length }, (_, index) => text.charCodeAt(index)))
        for (const byte of [unit & 0xff, unit >>> 8]) hash = Math.imul(hash ^ byte, 0x01000193);
      hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
      return (hash ^ (hash >>> 16)) >>> 0;
    };
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
    const samples = fc.sample(text, { numRuns: 2000, seed: 5 });
    expect(samples.map(stableHash)).toEqual(samples.map(fnv));
  });

  it('is a whole number of 32 bits', () => {
    for (const text of ['', 'x', 'y'.repeat(1000), '\u{1f600}']) {
      const hash = stableHash(text);
      expect(Number.isInteger(hash) && hash >= 0 && hash <= 0xffffffff).toBe(true);
    }
  });

  it('of a row of texts is that of each', () => {
    expect(stableHashes('Zürich', 3)).toEqual(['Zürich 0', 'Zürich 1', 'Zürich 2'].map(stableHash));
  });

  it('tells ten thousand near strings apart', () => {
    const hashes = new Set(Array.from({ length: 10_000 }, (_, index) => stableHash(`request-${index}`)));
    expect(hashes.size).toBeGreaterThan(9990);
  });
});

describe('rendezvous', () => {
  const options = ['one', 'two', 'three', 'four'];
  const winner = (key: string, among: readonly string[]) =>
    among.reduce((best, option) =>
      rendezvousWeight(key, option) > rendezvousWeight(key, best) ? option : best,
    );

  it('spreads keys evenly over the options', () => {
    const wins = new Map<string, number>();
    for (let index = 0; index < 8000; index += 1) {
      const won = winner(`key-${index}`, options);
      wins.set(won, (wins.get(won) ?? 0) + 1);
    }
    for (const option of options) expect(Math.abs((wins.get(option) ?? 0) - 2000)).toBeLessThan(250);
  });

  it('weighs many options as it weighs each', () => {
    expect(options.map(rendezvousWeights('key-1'))).toEqual(
      options.map((option) => rendezvousWeight('key-1', option)),
    );
  });

  it('moves only the keys of an option that leaves', () => {
    const left = options.filter((option) => option !== 'two');
    for (let index = 0; index < 2000; index += 1) {
      const before = winner(`key-${index}`, options);
      if (before !== 'two') expect(winner(`key-${index}`, left)).toBe(before);
    }
  });
});
