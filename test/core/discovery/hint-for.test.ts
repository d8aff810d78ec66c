import { describe, expect, it } from 'vitest';
import { targetStates } from '#contract/route-item.ts';
import { hintFor } from '#core/discovery/hint-for.ts';
import { plainObservation } from '#test/builders/routes.ts';

const hint = (changes: Parameters<typeof plainObservation>[1]) =>
  hintFor(plainObservation('us-east-1', changes));

describe('a hint', () => {
  it.each(targetStates)('says of %s who can repair it, in a sentence', (state) => {
    expect(['nobody', 'account-owner', 'aws-support', 'wait']).toContain(hint({ state }).who);
    expect(hint({ state }).text).toMatch(/^[A-Z].*\.$/);
  });

  it.each([
    [{ state: 'no-agreement', reasons: ['agreement-pending'] }, 'wait'],
    [{ state: 'no-agreement', reasons: ['agreement-error'] }, 'account-owner'],
    [{ state: 'no-agreement', reasons: ['agreement-not-available'] }, 'account-owner'],
    [{ state: 'not-authorized', reasons: [] }, 'aws-support'],
    [{ state: 'not-offered', reasons: [] }, 'nobody'],
    [{ state: 'not-offered', kind: 'sagemaker' }, 'account-owner'],
    [{ state: 'available', reasons: ['absent-1-of-3'], stale: true }, 'wait'],
    [{ state: 'available', reasons: ['reach-unknown'], stale: true }, 'wait'],
    [{ state: 'available', reasons: ['list-failed'], stale: true }, 'wait'],
  ] as const)('for %j sends to %s', (changes, who) => {
    expect(hint(changes).who).toBe(who);
  });
});
