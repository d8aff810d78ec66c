import { expect, it } from 'vitest';
import { aTarget } from '#test/builders/a-target.ts';
import { begun, withAttempt, withDenial, withLastOutcome, withSlotWait } from '#usecases/gateway/progress.ts';

const target = aTarget();
const candidate = {
  target,
  tier: 'serverless',
  verdict: { lawful: true, reach: target.reach },
  maxTokens: 10,
} as const;

it('a target that is full is gone past, and how long it was waited for adds up', () => {
  const once = withDenial(begun, candidate, { reason: 'full', waitedMs: 40 });
  const twice = withSlotWait(withDenial(once, candidate, { reason: 'full', waitedMs: 0 }), 2);
  expect(twice.log).toMatchObject({ denials: 2, slotWaitMs: 42, attempts: [] });
  expect(twice.learned.full).toEqual(new Set([target.id]));
  expect(begun.learned.full).toBeUndefined();
});

it('a target that is too small is gone past for good, with its numbers', () => {
  const denial = { reason: 'never-fits', neededTokens: 900, heldTokens: 500, of: 'memory' } as const;
  const { learned } = withDenial(begun, candidate, denial);
  expect(learned.neverFits?.get(target.id)).toEqual({ neededTokens: 900, heldTokens: 500, of: 'memory' });
  expect(learned.full).toBeUndefined();
});

it('the last attempt may end otherwise than it seemed', () => {
  const log = withAttempt(begun.log, candidate, { outcome: 'answered', durationMs: 5, callsSent: 1 });
  expect(withLastOutcome(log, 'reset').attempts.map(({ outcome }) => outcome)).toEqual(['reset']);
  expect(withLastOutcome(log, undefined)).toBe(log);
  expect([log.callsSent, log.last]).toEqual([1, candidate]);
});
