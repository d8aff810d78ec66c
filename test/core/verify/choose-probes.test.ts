import { describe, expect, it } from 'vitest';
import { chooseProbes, nextVerification } from '#core/verify/choose-probes.ts';
import type { Verification } from '#core/verify/verification.ts';
import { dedicatedTarget } from '#test/builders/model-call.ts';
import { plainTarget } from '#test/builders/routes.ts';

const minute = 60_000;
const day = 1_440 * minute;
const at = 1_000 * day;
const a = plainTarget('us-east-1', { id: 'a' });

const choose = (changes: Partial<Parameters<typeof chooseProbes>[0]> = {}) =>
  chooseProbes({
    candidates: [{ target: a, kind: 'chat' }],
    verifications: [],
    denied: new Set(),
    at,
    microUsdLeft: 1_000_000,
    probesMax: 10,
    ...changes,
  }).map((probe) => probe.target.id);

const proof = (changes: Partial<Verification>): Verification => ({
  target: 'a',
  at: at - 20 * minute,
  outcome: 'answered',
  answeringSince: at - 20 * minute,
  refusals: 0,
  ...changes,
});
const due = (changes: Partial<Verification>, denied = false) =>
  choose({ verifications: [proof(changes)], denied: new Set(denied ? ['a'] : []) }).length === 1;

describe('a proof', () => {
  it('comes at once for a new target, again after 15 minutes, then once a day', () => {
    expect(choose()).toEqual(['a']);
    expect(due({ at: at - 15 * minute + 1, answeringSince: at - 15 * minute + 1 })).toBe(false);
    expect(due({ at: at - 15 * minute, answeringSince: at - 15 * minute })).toBe(true);
    expect(due({ at: at - day + 1, answeringSince: at - 2 * day })).toBe(false);
    expect(due({ at: at - day, answeringSince: at - 2 * day })).toBe(true);
  });

  it('of a refusing target waits longer each time, up to a day', () => {
    const refused = (refusals: number, ageMs: number) =>
      due({ outcome: 'refused', refusals, at: at - ageMs, answeringSince: undefined }, true);
    expect(refused(1, 15 * minute)).toBe(true);
    expect(refused(2, 59 * minute)).toBe(false);
    expect(refused(2, 60 * minute)).toBe(true);
    expect(refused(9, day - 1)).toBe(false);
    expect(refused(9, day)).toBe(true);
  });

  it('comes soon for a proved target that a gateway was refused at', () => {
    expect(due({ at: at - 15 * minute, answeringSince: at - 2 * day }, true)).toBe(true);
    expect(due({ at: at - 15 * minute, answeringSince: at - 2 * day }, false)).toBe(false);
  });

  it('never wakes what is scaled to zero, and never asks what cannot answer', () => {
    for (const state of ['cold', 'warming', 'denied', 'unknown'] as const)
      expect(choose({ candidates: [{ target: dedicatedTarget({ state }), kind: 'chat' }] })).toEqual([]);
    expect(choose({ candidates: [{ target: dedicatedTarget({ id: 'w' }), kind: 'chat' }] })).toEqual(['w']);
  });

  it('is one for a target of several routes', () => {
    const twice = [a, a].map((target) => ({ target, kind: 'chat' as const }));
    expect(choose({ candidates: twice })).toEqual(['a']);
  });

  it('stops at the cap of the day and of the run', () => {
    const dear = { inputMicroUsdPerMillionTokens: 1_000_000_000, outputMicroUsdPerMillionTokens: 0 };
    const candidates = ['a', 'b', 'c'].map((id) => ({
      target: { ...a, id, pricing: dear },
      kind: 'chat' as const,
    }));
    // 16 tokens at USD 1,000 a million are 16,000 micro-USD.
    expect(choose({ candidates, microUsdLeft: 32_000 })).toEqual(['a', 'b']);
    expect(choose({ candidates, microUsdLeft: 15_999 })).toEqual([]);
    expect(choose({ candidates, probesMax: 1 })).toEqual(['a']);
    expect(
      choose({
        candidates: candidates.map((each) => ({ ...each, target: { ...each.target, pricing: null } })),
        microUsdLeft: 2_000,
      }),
    ).toEqual(['a', 'b']);
  });
});

describe('what a proof leaves behind', () => {
  it('counts refusals in a row and begins anew with an answer', () => {
    const first = nextVerification(undefined, {
      target: 'a',
      at: 1,
      outcome: 'refused',
      errorName: 'AccessDeniedException',
    });
    const second = nextVerification(first, { target: 'a', at: 2, outcome: 'refused' });
    expect(second).toMatchObject({ refusals: 2, outcome: 'refused' });
    const answered = nextVerification(second, { target: 'a', at: 3, outcome: 'answered' });
    expect(answered).toEqual({ target: 'a', at: 3, outcome: 'answered', answeringSince: 3, refusals: 0 });
    expect(nextVerification(answered, { target: 'a', at: 9, outcome: 'answered' }).answeringSince).toBe(3);
  });

  it('is nothing new when the proof was inconclusive', () => {
    const refused = nextVerification(undefined, { target: 'a', at: 1, outcome: 'refused' });
    expect(nextVerification(refused, { target: 'a', at: 2, outcome: 'inconclusive' }).outcome).toBe(
      'refused',
    );
    const answered = nextVerification(undefined, { target: 'a', at: 1, outcome: 'answered' });
    expect(nextVerification(answered, { target: 'a', at: 2, outcome: 'inconclusive' })).toMatchObject({
      outcome: 'inconclusive',
      answeringSince: 1,
    });
  });
});
