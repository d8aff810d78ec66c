import { describe, expect, it } from 'vitest';
import {
  accountIdSchema,
  modelSchema,
  nameSchema,
  regionSchema,
  residencySchema,
} from '#contract/config-parts.ts';
import { isRegionId } from '#core/units/region-id.ts';
import catalogue from '#data/catalogue.json' with { type: 'json' };
import regions from '#data/regions.json' with { type: 'json' };

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

describe('names', () => {
  it('begin with a letter and hold at most 41 characters', () => {
    for (const name of ['a', 'chat-large', `a${'9'.repeat(40)}`])
      expect(accepts(nameSchema, name), name).toBe(true);
    for (const name of ['', '9a', '-a', 'A', 'a_b', 'a b', `a${'9'.repeat(41)}`, 'a\n'])
      expect(accepts(nameSchema, name), name).toBe(false);
  });
});

describe('account ids', () => {
  it('are twelve digits in quotes', () => {
    expect(accepts(accountIdSchema, '012345678901')).toBe(true);
    for (const id of [111111111111, '1', '1111111111111', '11111111111a'])
      expect(accepts(accountIdSchema, id), String(id)).toBe(false);
  });
});

describe('region codes', () => {
  it('are what core takes for a region code', () => {
    const codes = [
      ...regions.regions.map((row) => row.code),
      'xx-north-9',
      'us-gov-east-1',
      'EU',
      '*',
      'eu-central-1a',
      '',
    ];
    for (const code of codes) expect(accepts(regionSchema, code), code).toBe(isRegionId(code));
  });
});

describe('jurisdictions', () => {
  it('take every group of the facts, and "any"', () => {
    const groups = [...new Set(regions.regions.flatMap((row) => row.groups))];
    expect(accepts(residencySchema, { jurisdictions: groups })).toBe(true);
    expect(accepts(residencySchema, { jurisdictions: 'any' })).toBe(true);
    for (const empty of [{}, { jurisdictions: [] }, { regions: [] }, { jurisdictions: [], regions: [] }])
      expect(accepts(residencySchema, empty)).toBe(false);
  });
});

describe('models', () => {
  it('take every id of the catalogue as a candidate', () => {
    expect(accepts(modelSchema, { candidates: catalogue.models.map((row) => row.id) })).toBe(true);
  });
});
