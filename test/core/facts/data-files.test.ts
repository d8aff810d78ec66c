import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import catalogue from '#data/catalogue.json' with { type: 'json' };
import prices from '#data/prices.json' with { type: 'json' };
import profiles from '#data/profiles.json' with { type: 'json' };
import regions from '#data/regions.json' with { type: 'json' };
import { loadResearch, makeFacts } from '../../../scripts/make-facts.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const research = `${root}/../shared/data`;
const skipReason = existsSync(research) ? '' : ' (skipped: ../shared/data is not on this machine)';

describe('the shipped facts', () => {
  it.skipIf(skipReason !== '')(`equal what scripts/make-facts.ts writes${skipReason}`, () => {
    const made = makeFacts(loadResearch(research));
    expect([...made.keys()]).toEqual(['regions.json', 'catalogue.json', 'profiles.json', 'prices.json']);
    for (const [name, text] of made) expect(readFileSync(`${root}/data/${name}`, 'utf8'), name).toBe(text);
  });

  it('name only regions that the region table knows', () => {
    const known = new Set(regions.regions.map((row) => row.code));
    const named = [
      ...catalogue.models.flatMap((row) => [
        ...(row.onDemandRegions ?? []),
        ...(row.profileOnlyRegions ?? []),
        ...row.globalOnlyRegions,
        ...row.onDemandOrMantleRegions,
        ...row.mantleRegions,
      ]),
      ...profiles.destinationSets.flatMap((row) => row.regions),
      ...profiles.profiles.flatMap((row) => Object.keys(row.destinationsBySource ?? {})),
    ];
    expect(named.filter((region) => !known.has(region))).toEqual([]);
    expect(named.length).toBeGreaterThan(1000);
  });

  it('refer only to destination sets that stand in the file', () => {
    const known = new Set(profiles.destinationSets.map((row) => row.id));
    const used = profiles.profiles.flatMap((row) => Object.values(row.destinationsBySource ?? {}));
    expect(used.filter((id) => !known.has(id ?? ''))).toEqual([]);
  });

  it('hold prices in whole micro-USD', () => {
    const amounts = prices.prices
      .flatMap((row) => [row.in, row.out, row.cacheRead, row.cacheWrite])
      .flatMap((amount) => amount ?? []);
    expect(amounts.filter((amount) => !Number.isInteger(amount) || amount < 0)).toEqual([]);
    expect(amounts.some((amount) => amount > 0)).toBe(true);
  });

  it('carry a source and a date in every file', () => {
    for (const file of [regions, catalogue, profiles, prices]) {
      expect(file.source.length).toBeGreaterThan(20);
      expect(file.asOf).toMatch(/20\d\d-\d\d/);
    }
  });
});
