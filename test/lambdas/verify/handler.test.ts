import type { Context } from 'aws-lambda';
import { expect, it } from 'vitest';
import { createVerifyHandler } from '#lambdas/verify/handler.ts';

it('counts what its proofs showed', async () => {
  const proof = (outcome: 'answered' | 'refused') => ({ target: outcome, at: 1, outcome, refusals: 0 });
  const verify = async () => ({
    proved: [proof('answered'), proof('answered'), proof('refused')],
    spentMicroUsd: 5,
  });
  const handler = createVerifyHandler(() => ({ verify }));
  expect(await handler({}, {} as Context)).toEqual({
    answered: 2,
    refused: 1,
    inconclusive: 0,
    spentMicroUsd: 5,
  });
});
