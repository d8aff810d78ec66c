import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectFolder } from '#test/tidy/source-files.ts';
import { cityOf, namedRegion } from '../../../console/map/region-cities.ts';

interface Region {
  readonly code: string;
  readonly name: string;
}
const { regions } = JSON.parse(readFileSync(join(projectFolder, 'data/regions.json'), 'utf8')) as {
  readonly regions: readonly Region[];
};

it('calls regions as AWS does', () => {
  const wrong = regions.filter(({ code, name }) => {
    const city = cityOf(code);
    return city !== undefined && !name.endsWith(` (${city})`);
  });
  expect(wrong).toEqual([]);
  expect(regions.filter(({ code }) => cityOf(code) !== undefined).length).toBeGreaterThan(20);
});

it('adds nothing to a region that it does not know', () => {
  expect(namedRegion('eu-central-1')).toBe('eu-central-1 (Frankfurt)');
  expect(namedRegion('xx-west-9')).toBe('xx-west-9');
});
