import { expect, it } from 'vitest';
import { done, later } from '#usecases/batch/batch-step.ts';

it('puts a step off by whole seconds, as far as a queue can', () => {
  expect(done).toEqual({ kind: 'done' });
  expect([-5, 0, 1, 1500, 1e9].map((milliseconds) => later(milliseconds))).toEqual(
    [0, 0, 1, 2, 900].map((delaySeconds) => ({ kind: 'later', delaySeconds })),
  );
});
