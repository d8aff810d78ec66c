import { expect, it } from 'vitest';
import { strongTableFault } from '#cli/doctor/strong-table.ts';

const regions = ['us-east-1', 'us-east-2'];
const wanted = { regions, witness: 'us-west-2' };
const table = { isStrong: true, regions: ['us-east-2', 'us-east-1'], witnesses: ['us-west-2'] };

it('finds nothing wrong with the set of the configuration, in whatever order', () => {
  expect(strongTableFault(table, wanted)).toBeUndefined();
});

it('tells of a table that is not strongly consistent, and of one that stands elsewhere', () => {
  expect(strongTableFault({ ...table, isStrong: false }, wanted)?.message).toBe(
    'its copies are not strongly consistent',
  );
  const three = { regions: [...regions, 'us-west-2'] };
  expect(strongTableFault(table, three)).toEqual({
    message:
      'it stands in us-east-1, us-east-2 with a witness in us-west-2, not in us-east-1, us-east-2, us-west-2',
    todo: expect.stringMatching(/delete the table/),
  });
});
