import { describe, expect, it } from 'vitest';
import { nameReaches } from '#cli/routes/name-reaches.ts';

const target = (region: string, ...reach: readonly string[]) => ({ region, reach });

describe('nameReaches', () => {
  it('says less the more there is, and spells it out in a note', () => {
    const targets = [
      target('us-east-1', 'us-east-1'),
      target('ap-northeast-1', 'ap-northeast-1', 'ap-northeast-3'),
      target('us-east-1', 'us-east-1', 'us-east-2', 'us-west-2'),
      target('ca-central-1', 'ca-central-1', 'us-east-1', 'us-west-2'),
      target('eu-west-1', '*'),
      target('eu-west-1'),
    ];
    const names = nameReaches(targets);
    expect(targets.map((one) => names.nameOf(one))).toEqual([
      'own region',
      'apne1 apne3',
      'us (3)',
      'ca+us (3)',
      'everywhere',
      'unknown',
    ]);
    expect(names.notes).toEqual([
      'us (3): us-east-1 us-east-2 us-west-2',
      'ca+us (3): ca-central-1 us-east-1 us-west-2',
    ]);
  });

  it('tells different reaches of the same size apart', () => {
    const [one, other] = [
      target('eu-west-1', 'eu-west-1', 'eu-west-2', 'eu-west-3'),
      target('eu-west-1', 'eu-west-1', 'eu-north-1', 'eu-west-3'),
    ];
    const names = nameReaches([one, other]);
    expect([names.nameOf(one), names.nameOf(other)]).toEqual(['eu (3)', 'eu (3) b']);
    expect(names.notes).toHaveLength(2);
  });

  it('never calls a reach that leaves the region its own', () => {
    expect(nameReaches([]).nameOf(target('us-east-1', 'us-west-2'))).toBe('us-west-2');
  });
});
