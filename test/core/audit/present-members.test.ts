import { expect, it } from 'vitest';
import { listed, present } from '#core/audit/present-members.ts';

it('leaves out what says nothing', () => {
  expect({ ...present('one', undefined), ...listed('two', []) }).toEqual({});
  expect({ ...present('one', 0), ...listed('two', [false]) }).toEqual({ one: 0, two: [false] });
});
