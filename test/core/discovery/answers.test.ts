import { expect, it } from 'vitest';
import { dedicatedKey } from '#core/discovery/answers.ts';

it('a dedicated target is asked about by its endpoint and, where it has one, its component', () => {
  expect(dedicatedKey({ endpoint: 'gpu' })).toBe('gpu');
  expect(dedicatedKey({ endpoint: 'gpu', component: 'part' })).toBe('gpu:part');
});
