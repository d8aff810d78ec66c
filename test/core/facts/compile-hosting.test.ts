import { describe, expect, it } from 'vitest';
import { compileHosting } from '#core/facts/compile-hosting.ts';
import hosting from '#data/hosting.json' with { type: 'json' };
import { shippedFacts } from '#test/builders/facts.ts';

const facts = compileHosting(hosting);

describe('the shipped facts of hosting', () => {
  it('say where they come from and how old they are', () => {
    expect(hosting.source.length).toBeGreaterThan(200);
    expect(facts.asOf).toMatch(/20\d\d-\d\d-\d\d/);
    for (const row of hosting.engineSpeeds) expect(row.source.length).toBeGreaterThan(40);
    for (const row of hosting.prices) {
      for (const letter of row.src.match(/S\d/g) ?? ['none']) expect(hosting.source).toContain(`${letter} `);
    }
  });

  it('price instance types that are known, in whole micro-USD', () => {
    expect(hosting.prices.length).toBeGreaterThan(20);
    for (const { id, microUsdPerHour } of hosting.prices) {
      expect(shippedFacts.instanceOf(id), id).toBeDefined();
      expect([id, Number.isInteger(microUsdPerHour) && microUsdPerHour > 0]).toEqual([id, true]);
    }
    expect(facts.instancePrice('ml.g7e.2xlarge')).toBe(4_203_900);
    expect(facts.instancePrice('ml.p5en.48xlarge')).toBeUndefined();
  });

  it('know speeds of known engines on known instances, by rising points that do not fall', () => {
    expect(hosting.engineSpeeds.length).toBeGreaterThan(5);
    for (const row of hosting.engineSpeeds) {
      expect(shippedFacts.engineOf(row.engine), row.engine).toBeDefined();
      const gpus = shippedFacts.instanceOf(row.instance)?.gpus ?? 0;
      expect([row.instance, gpus % row.gpusPerCopy]).toEqual([row.instance, 0]);
      expect(['apart', 'together']).toContain(row.measured);
      expect(row.tokenMs[0]?.[0]).toBe(1);
      for (const points of [row.promptMs, row.tokenMs]) {
        points.slice(1).forEach(([at = 0, ms = 0], index) => {
          const [atBefore = 0, msBefore = 0] = points[index] ?? [];
          // One prompt of 128 and one of 256 tokens take about the same time.
          expect(at > atBefore && ms >= msBefore * 0.95).toBe(true);
        });
      }
    }
    expect(
      facts.speedsOf('llama-3.3-70b').map(({ instanceType, gpusPerCopy }) => [instanceType, gpusPerCopy]),
    ).toEqual([
      ['ml.p5.48xlarge', 8],
      ['ml.p5.48xlarge', 4],
      ['ml.p4de.24xlarge', 8],
    ]);
    expect(facts.speedsOf('nobody')).toEqual([]);
  });

  it.each([
    ['llama-3.1-8b', 500, 30],
    ['qwen3-32b', 450, 40],
    ['llama-3.1-70b', 450, 40],
    ['llama-3.1-405b', 4_500, 80],
  ])('promise of %s what MLPerf does of its size', (engine, firstTokenMs, tokenMs) => {
    const level = facts.serviceLevelOf(shippedFacts.engineOf(engine)?.weightsGiB ?? 0);
    expect(level).toMatchObject({ firstTokenMs, tokenMs });
  });

  it('are unknown where there are none', () => {
    const none = compileHosting({ asOf: '', prices: [], engineSpeeds: [], serviceLevels: [] });
    expect([none.instancePrice('ml.g5.xlarge'), none.speedsOf('a'), none.serviceLevelOf(1)]).toEqual([
      undefined,
      [],
      undefined,
    ]);
  });
});
