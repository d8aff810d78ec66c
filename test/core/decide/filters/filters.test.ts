import { expect, it } from 'vitest';
import { filters } from '#core/decide/filters/filters.ts';

it('stands in the order that a trail promises: residency first, what may be spared last', () => {
  const names = filters.map(({ name }) => name);
  expect(names.at(0)).toBe('residency');
  expect(names.slice(-2)).toEqual(['credentials', 'health']);
  expect(new Set(names).size).toBe(filters.length);
});
