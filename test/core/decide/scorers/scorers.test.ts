import { expect, it } from 'vitest';
import { scorers } from '#core/decide/scorers/scorers.ts';

it('have names that a trail can tell apart, and weights that count', () => {
  expect(new Set(scorers.map(({ name }) => name)).size).toBe(scorers.length);
  expect(scorers.every(({ weight }) => weight >= 1)).toBe(true);
});
