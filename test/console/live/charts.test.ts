import { expect, it } from 'vitest';
import { spanOf } from '../../../console/live/charts.ts';

it('spans what was seen, ten seconds at least, and nothing before the first event', () => {
  expect(spanOf([])).toEqual([null, null]);
  expect(spanOf([1000])).toEqual([990, 1000]);
  expect(spanOf([1000, 1001])).toEqual([991, 1001]);
  expect(spanOf([1000, 1060])).toEqual([1000, 1060]);
});
