import { expect, it } from 'vitest';
import { placeOfEvent } from '#lambdas/discover/place-of-event.ts';

it('reads a place, whole or in part, and names every member that is wrong', () => {
  expect(placeOfEvent({ account: '111111111111', region: 'us-east-1' })).toEqual({
    account: '111111111111',
    region: 'us-east-1',
  });
  expect(placeOfEvent(null)).toEqual({});
  expect(() => placeOfEvent({ account: '12', region: '' })).toThrow(
    /account: must be 12 digits; region: must be a region code/,
  );
  expect(() => placeOfEvent('text')).toThrow(/want \{ account\?, region\? \}; event:/);
});
