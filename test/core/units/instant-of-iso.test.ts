import { expect, it } from 'vitest';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import { instantOfIso } from '#core/units/instant-of-iso.ts';

it.each([
  ['2026-11-21T08:00:00Z', '2026-11-21T08:00:00.000Z'],
  ['2026-11-21T08:00:00.5Z', '2026-11-21T08:00:00.500Z'],
  ['2026-11-21T08:00+05:30', '2026-11-21T02:30:00.000Z'],
  ['2026-11-21T23:30:00.123-01:00', '2026-11-22T00:30:00.123Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
])('%s is a moment', (text, iso) => {
  expect(isoOfInstant(instantOfIso(text) ?? 0)).toBe(iso);
});

it.each([
  '',
  'yesterday',
  '2026',
  '2026-02-30',
  '2026-11-21T08:00:00',
  '2026-11-21T24:00:00Z',
  '2026-11-21T08:61:00Z',
  '2026-13-01',
  '2026-11-21 08:00:00Z',
  '1969-12-31',
  ' 2026-11-21',
])('%j is none', (text) => {
  expect(instantOfIso(text)).toBe(undefined);
});
