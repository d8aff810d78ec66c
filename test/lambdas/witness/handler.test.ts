import type { Context } from 'aws-lambda';
import { expect, it } from 'vitest';
import { createWitnessHandler } from '#lambdas/witness/handler.ts';

const run = { signed: 2, fresh: 1, empty: 0 };

it('signs what is due, whatever the event says', async () => {
  const handler = createWitnessHandler(async () => ({ run: async () => run }));
  expect(await handler({}, {} as Context)).toEqual(run);
});

it('starts with the next event where it could not start with one, and fails where a chain was not witnessed', async () => {
  let starts = 0;
  const handler = createWitnessHandler(async () => {
    starts += 1;
    if (starts === 1) throw new Error('not yet');
    return { run: () => Promise.reject(new Error('1 of 2 chains')) };
  });
  await expect(handler({}, {} as Context)).rejects.toThrow('not yet');
  await expect(handler({}, {} as Context)).rejects.toThrow('1 of 2 chains');
  await expect(handler({}, {} as Context)).rejects.toThrow('1 of 2 chains');
  expect(starts).toBe(2);
});
