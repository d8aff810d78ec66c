import { expect, it } from 'vitest';
import { StrongSet } from '#lib/constructs/strong-set.ts';

it('is three copies, or two and a witness', () => {
  const copies = StrongSet.ofCopies('us-east-1', 'us-east-2', 'us-west-2');
  expect([copies.copies, copies.witness]).toEqual([['us-east-1', 'us-east-2', 'us-west-2'], undefined]);
  const witnessed = StrongSet.withWitness('eu-west-1', 'eu-central-1', 'eu-west-3');
  expect([witnessed.copies, witnessed.witness]).toEqual([['eu-west-1', 'eu-central-1'], 'eu-west-3']);
  expect(witnessed.copiesBeside('eu-central-1')).toEqual(['eu-west-1']);
});

it('refuses what DynamoDB would, all at once', () => {
  expect(() => StrongSet.ofCopies('us-east-1', 'us-east-1', 'eu-west-1')).toThrow(
    /^no strongly consistent set: regions\[2\]: eu-west-1 is of the set EU .*; regions\[1\]: us-east-1 is named twice$/,
  );
  expect(() => StrongSet.of({ regions: ['us-east-1', 'us-east-2'] })).toThrow(
    /names 2 regions; it must be three/,
  );
  expect(() => StrongSet.ofCopies('us-east-1', 'us-east-2', 'us-west-2').copiesBeside('eu-west-1')).toThrow(
    'eu-west-1 has no copy of the set, which stands in us-east-1, us-east-2, us-west-2',
  );
});
