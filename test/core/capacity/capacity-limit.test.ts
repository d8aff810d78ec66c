import { expect, it } from 'vitest';
import { slotsOf } from '#core/capacity/capacity-limit.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';

const here = { gatewayRegion: 'us-east-1', serverlessSlots: 40 };

it('a dedicated target has the slots of this gateway region’s share, and none where it was shared out without it', () => {
  expect(slotsOf(aDedicatedTarget({ share: { 'us-east-1': 8, 'eu-west-1': 7 } }), here)).toBe(8);
  expect(slotsOf(aDedicatedTarget({ share: { 'eu-west-1': 7 } }), here)).toBe(0);
  expect(slotsOf(aDedicatedTarget(), here)).toBeUndefined();
});

it('a serverless target has those that are configured', () => {
  expect(slotsOf(aTarget(), here)).toBe(40);
  expect(slotsOf(aTarget(), { gatewayRegion: 'us-east-1' })).toBeUndefined();
});
