import { expect, it } from 'vitest';
import { keepLastKnown, sinceOf } from '#core/discovery/run-context.ts';
import { plainObservation } from '#test/builders/routes.ts';

it('a target under a silent list keeps its state and what was known of its access', () => {
  const previous = plainObservation('us-east-1', {
    state: 'no-agreement',
    reasons: ['agreement-pending', 'list-empty'],
  });
  expect(keepLastKnown(previous, 'list-failed')).toEqual({
    ...previous,
    reasons: ['agreement-pending', 'list-failed'],
    stale: true,
  });
});

it('a target that is gone stays gone under a silent list', () => {
  const gone = plainObservation('us-east-1', { state: 'not-offered', goneEvidence: 'operator' });
  expect(keepLastKnown(gone, 'list-empty')).toBe(gone);
});

it('a state that holds keeps its time', () => {
  expect(sinceOf(plainObservation('us-east-1', { since: 5 }), 'available', 9)).toBe(5);
  expect(sinceOf(plainObservation('us-east-1', { since: 5 }), 'legacy', 9)).toBe(9);
  expect(sinceOf(undefined, 'available', 9)).toBe(9);
});
