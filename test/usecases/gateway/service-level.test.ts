import { describe, expect, it } from 'vitest';
import { gatewayErrorStatus } from '#contract/http.ts';
import { type CallEnd, serviceLevelOf } from '#usecases/gateway/service-level.ts';

const quick: CallEnd = {
  outcome: 'answered',
  hasOwnDeadline: false,
  firstTokenMs: 2_000,
  durationMs: 9_000,
  objectiveMs: 2_000,
};
const level = (changes: Partial<CallEnd>) => serviceLevelOf({ ...quick, ...changes });

describe('how a call counts for the service level', () => {
  it.each([
    ['an answer in time', {}, 'met'],
    ['an answer that another target ended', { outcome: 'resumed' }, 'met'],
    ['an answer that began late', { firstTokenMs: 2_001 }, 'slow'],
    ['an embedding, which has no first token', { firstTokenMs: undefined }, 'met'],
    ['a caller that left in the middle', { outcome: 'cancelled' }, 'met'],
    ['a caller that left after too long', { outcome: 'cancelled', firstTokenMs: undefined }, 'slow'],
    [
      'a caller that left at once',
      { outcome: 'cancelled', firstTokenMs: undefined, durationMs: 50 },
      undefined,
    ],
    ['a time that ran out', { outcome: 'deadline_exceeded' }, 'failed'],
    ['a time of the caller’s own', { outcome: 'deadline_exceeded', hasOwnDeadline: true }, undefined],
    ['a code that nobody knows', { outcome: 'odd' }, 'failed'],
  ] as const)('%s', (_, changes, expected) => {
    expect(level(changes)).toBe(expected);
  });

  it('tells what callers got wrong from what failed them, code by code', () => {
    const failed = Object.keys(gatewayErrorStatus).filter((outcome) => level({ outcome }) === 'failed');
    expect(failed).toEqual([
      'capacity_exhausted',
      'internal_error',
      'upstream_failed',
      'auth_unavailable',
      'not_ready',
      'deadline_exceeded',
      'stream_interrupted',
    ]);
  });
});
