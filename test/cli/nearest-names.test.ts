import { describe, expect, it } from 'vitest';
import { nearestNames } from '#cli/nearest-names.ts';

const [east, ohio, paris] = [
  '111111111111/us-east-1/amazon.nova-lite-v1:0',
  '111111111111/us-east-2/amazon.nova-lite-v1:0',
  '222222222222/eu-west-3/eu.amazon.nova-lite-v1:0',
];
const ids = [paris, ohio, east];

describe('the nearest names', () => {
  it('are those that hold the text, the shortest way first', () => {
    expect(nearestNames('us-east', ids)).toEqual([east, ohio]);
    expect(nearestNames('EU-west-3/', ids)).toEqual([paris]);
  });

  it('are those that differ in the fewest characters where none holds it', () => {
    expect(nearestNames('111111111111/us-east-2/amazon.nova-lite', ids)[0]).toBe(ohio);
    expect(nearestNames('111111111111/us-east-2/amazon.nova-lite-v2:0', ids)).toEqual([ohio, east, paris]);
    expect(nearestNames(paris, ids)).toEqual([paris]);
  });

  it('are three at most, and none of none', () => {
    expect(nearestNames('x', [...ids, 'a', 'b', 'c'])).toEqual(['a', 'b', 'c']);
    expect(nearestNames('x', [])).toEqual([]);
  });
});
